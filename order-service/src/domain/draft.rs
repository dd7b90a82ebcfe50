//! An order that is asked for, before it has prices.

use std::collections::HashSet;

use contracts::{Customer, Id, Money, NewOrder, Order, OrderLine, PostalAddress, is_country};

use super::OrderError;
use super::findings::Findings;

const LINES_MAX: usize = 100;
const QUANTITY_MAX: u32 = 1000;
const LINE_CHARS_MAX: usize = 200;
const CITY_CHARS_MAX: usize = 100;
const POSTAL_CODE_CHARS_MAX: usize = 20;
const ACTOR_CHARS_MAX: usize = 255;

/// A valid wish: lines, each product once, and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) id: Id<Order>,
    pub(crate) customer_id: Id<Customer>,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) destination: Destination,
    pub(crate) expected_total: Option<Money>,
    pub(crate) placed_by: String,
}

/// Where an order goes, if that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination(pub(crate) Option<PostalAddress>);

impl Draft {
    /// The order that was asked for under this id, or all that is wrong with it.
    pub(crate) fn parse(id: Id<Order>, new: NewOrder) -> Result<Self, OrderError> {
        let mut findings = Findings::default();
        check_lines(&new.items, &mut findings);
        let destination = Destination(new.shipping_address.map(|address| postal(address, &mut findings)));
        let placed_by = findings.text("/placed_by", &new.placed_by, ACTOR_CHARS_MAX);
        if !["customer:", "operator:", "client:"].iter().any(|kind| placed_by.starts_with(kind)) {
            findings.note("/placed_by", "must be customer:<id>, operator:<id> or client:<name>");
        }
        findings.settle()?;
        let NewOrder { customer_id, items: lines, expected_total, .. } = new;
        Ok(Self { id, customer_id, lines, destination, expected_total, placed_by })
    }

    /// Whether `order` came of this very wish, however far it has gone since.
    pub(crate) fn led_to(&self, order: &Order) -> bool {
        let lines = order.items.iter().map(|item| (item.product_id, item.quantity));
        order.customer_id == self.customer_id
            && order.shipping_address == self.destination.0
            && self.lines.iter().map(|line| (line.product_id, line.quantity)).eq(lines)
    }
}

fn check_lines(lines: &[OrderLine], findings: &mut Findings) {
    if !(1..=LINES_MAX).contains(&lines.len()) {
        findings.note("/items", format!("must have 1 to {LINES_MAX} lines; these are {}", lines.len()));
        return;
    }
    let mut seen = HashSet::new();
    for (place, line) in lines.iter().enumerate() {
        if !(1..=QUANTITY_MAX).contains(&line.quantity) {
            findings.note(format!("/items/{place}/quantity"), format!("must be 1 to {QUANTITY_MAX}"));
        }
        if !seen.insert(line.product_id) {
            findings.note(format!("/items/{place}/product_id"), "is there twice: add the quantities up in one line");
        }
    }
}

fn postal(address: PostalAddress, findings: &mut Findings) -> PostalAddress {
    let mut text =
        |field: &str, value: &str, chars_max| findings.text(&format!("/shipping_address/{field}"), value, chars_max);
    let tidy = PostalAddress {
        name: text("name", &address.name, LINE_CHARS_MAX),
        line1: text("line1", &address.line1, LINE_CHARS_MAX),
        line2: address.line2.as_deref().map(|line| text("line2", line, LINE_CHARS_MAX)),
        city: text("city", &address.city, CITY_CHARS_MAX),
        postal_code: text("postal_code", &address.postal_code, POSTAL_CODE_CHARS_MAX),
        ..address
    };
    if !is_country(&tidy.country) {
        findings.note("/shipping_address/country", "must be two capital letters of ISO 3166-1, such as DE");
    }
    tidy
}
