//! What a wish costs, at the prices of the moment.

use std::collections::HashMap;
use std::sync::Arc;

use contracts::{Id, Money, Order, OrderItem, OrderLine, OrderStatus, Product, RefundProgress};

use super::findings::Findings;
use super::{Act, Draft, OrderError, Shortage};

/// The products that are sold, of those an order names.
pub(crate) type Prices = HashMap<Id<Product>, Arc<Priced>>;

/// What an order takes over from a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Priced {
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) price: Money,
    /// Changes whenever one of these does; not with the stock.
    pub(crate) version: i64,
}

/// A product, and how many there are at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stocked {
    pub(crate) priced: Arc<Priced>,
    pub(crate) available: i64,
}

/// The order that `draft` leads to; refused where a product is not sold, currencies are mixed, or the total is not the
/// expected one.
pub(crate) fn price(draft: &Draft, products: &Prices, act: &Act) -> Result<Order, OrderError> {
    let found = draft.lines.iter().map(|line| products.get(&line.product_id)).collect::<Vec<_>>();
    let missing = found.iter().zip(&draft.lines).enumerate().filter(|(_, (product, _))| product.is_none());
    let missing = missing.map(|(place, (_, line))| (place, line.product_id)).collect::<Vec<_>>();
    if !missing.is_empty() {
        return Err(OrderError::ProductNotFound(missing));
    }
    let sold = found.into_iter().flatten().zip(&draft.lines).collect::<Vec<_>>();
    let items = items(&sold)?;
    let total = total(&items)?;
    if draft.expected_total.is_some_and(|expected| expected != total) {
        return Err(OrderError::PriceChanged(total));
    }
    Ok(Order {
        id: draft.id,
        customer_id: draft.customer_id,
        status: OrderStatus::Pending,
        items,
        total,
        shipping_address: draft.destination.0.clone(),
        payment_id: None,
        refund: RefundProgress::None,
        cancel_reason: None,
        shipment: None,
        history: vec![act.entry(OrderStatus::Pending, None)],
        created_at: act.at,
        updated_at: act.at,
    })
}

/// Whether there is enough of everything.
pub(crate) fn in_stock(draft: &Draft, stock: &HashMap<Id<Product>, Stocked>) -> Result<(), OrderError> {
    let short = draft.lines.iter().enumerate().filter_map(|(place, line)| {
        let product = stock.get(&line.product_id)?;
        let lacks = product.available < i64::from(line.quantity);
        lacks.then(|| Shortage { line: place, name: product.priced.name.clone(), left: product.available })
    });
    let short = short.collect::<Vec<_>>();
    if short.is_empty() { Ok(()) } else { Err(OrderError::OutOfStock(short)) }
}

fn items(sold: &[(&Arc<Priced>, &OrderLine)]) -> Result<Vec<OrderItem>, OrderError> {
    let mut findings = Findings::default();
    let currency = sold.first().map(|(product, _)| product.price.currency());
    let mut items = Vec::with_capacity(sold.len());
    for (place, (product, line)) in sold.iter().enumerate() {
        let other = product.price.currency();
        if currency.is_some_and(|currency| currency != other) {
            let detail = format!("costs {other}, the first line another currency: order them apart");
            findings.note(format!("/items/{place}/product_id"), detail);
        }
        match product.price.times(line.quantity) {
            Ok(total) => items.push(item(product, line, total)),
            Err(error) => findings.note(format!("/items/{place}/quantity"), error.to_string()),
        }
    }
    findings.settle()?;
    Ok(items)
}

fn item(product: &Priced, line: &OrderLine, total: Money) -> OrderItem {
    OrderItem {
        product_id: line.product_id,
        sku: product.sku.clone(),
        name: product.name.clone(),
        quantity: line.quantity,
        unit_price: product.price,
        total,
    }
}

fn total(items: &[OrderItem]) -> Result<Money, OrderError> {
    let sum = items.iter().map(|item| item.total).map(Ok).reduce(|sum, next| sum?.plus(next?));
    let mut findings = Findings::default();
    match sum {
        Some(Ok(total)) => return Ok(total),
        Some(Err(error)) => findings.note("/items", format!("together they cost too much: {error}")),
        None => findings.note("/items", "must not be empty"),
    }
    findings.settle()?;
    Err(OrderError::Store("an order without lines was not refused".into()))
}
