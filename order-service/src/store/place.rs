//! Placing an order: prices and stock in one transaction.

use std::collections::HashMap;
use std::sync::Arc;

use contracts::{Id, Order, OrderItem, Product};
use diesel::prelude::*;
use diesel_async::{AsyncMysqlConnection, RunQueryDsl};

use super::engine::{Script, bytes, moment, or_null, text};
use super::outbox::Notice;
use super::row::{BinId, OrderRow, ProductRow, refund_word};
use super::schema::{orders, products};
use super::{Failed, Store};
use crate::domain::{Act, Draft, OrderError, Priced, Prices, Stocked, Versioned, in_stock, price};

/// How often an order is tried at prices or stock that change under it.
const ATTEMPTS_MAX: u32 = 10;
pub(super) const FIRST_VERSION: i64 = 1;

/// What came of placing an order.
#[derive(Debug)]
pub(crate) enum Placed {
    /// It is new.
    Now(Versioned<Order>),
    /// It was placed before; this is how it stands.
    Before(Versioned<Order>),
}

impl Store {
    /// Prices the order and reserves its stock, or finds it where that was done before.
    pub(crate) async fn place(&self, draft: &Draft) -> Result<Placed, OrderError> {
        let act = Act { by: draft.placed_by.clone(), at: self.clock.now() };
        // Prices in memory save a round trip. Where they are old, the transaction finds out.
        let remembered = self.prices.of(&draft.lines);
        if let Some((order, prices)) = remembered.and_then(|prices| Some((price(draft, &prices, &act).ok()?, prices))) {
            match self.reserve(draft, order, &prices).await {
                Err(Failed::Unmet) => {}
                outcome => return Ok(outcome?),
            }
        }
        for _ in 0..ATTEMPTS_MAX {
            match self.place_at_current_prices(draft, &act).await {
                Err(Failed::Unmet) => {}
                outcome => return Ok(outcome?),
            }
        }
        Err(Failed::Unmet.into())
    }

    async fn place_at_current_prices(&self, draft: &Draft, act: &Act) -> Result<Placed, Failed> {
        let stock = self.stock_of(draft).await?;
        let prices = stock.iter().map(|(id, product)| (*id, Arc::clone(&product.priced))).collect();
        let wanted = price(draft, &prices, act).and_then(|order| in_stock(draft, &stock).map(|()| order));
        match wanted {
            Ok(order) => self.reserve(draft, order, &prices).await,
            // An order that was placed before stays placed, whatever its products are now.
            Err(refusal) => self.placed_before(draft).await?.ok_or(Failed::Refused(refusal)),
        }
    }

    async fn reserve(&self, draft: &Draft, order: Order, prices: &Prices) -> Result<Placed, Failed> {
        match self.engine.commit(reservation(&order, prices)?).await {
            Ok(()) => {
                let order = Versioned { document: order, version: FIRST_VERSION };
                self.fresh.keep(&order);
                Ok(Placed::Now(order))
            }
            Err(Failed::Taken(cause)) => self.placed_before(draft).await?.ok_or(Failed::Broken(cause)),
            Err(failed) => Err(failed),
        }
    }

    async fn placed_before(&self, draft: &Draft) -> Result<Option<Placed>, Failed> {
        let id = BinId::from(draft.id);
        let find = async |connection: &mut AsyncMysqlConnection| {
            Ok(orders::table.find(id).select(OrderRow::as_select()).first(connection).await.optional()?)
        };
        let Some(row) = self.engine.with(find).await? else { return Ok(None) };
        if row.tombstone {
            return Err(OrderError::OrderCancelled.into());
        }
        let order = row.read()?;
        if draft.led_to(&order.document) {
            Ok(Some(Placed::Before(order)))
        } else {
            Err(OrderError::OrderExists.into())
        }
    }

    /// The products of the order that are sold, as they are now.
    async fn stock_of(&self, draft: &Draft) -> Result<HashMap<Id<Product>, Stocked>, Failed> {
        let ids = draft.lines.iter().map(|line| BinId::from(line.product_id)).collect::<Vec<_>>();
        let find = async |connection: &mut AsyncMysqlConnection| {
            let sold = products::table.filter(products::id.eq_any(&ids)).filter(products::active);
            Ok(sold.select(ProductRow::as_select()).load(connection).await?)
        };
        let rows = self.engine.with(find).await?;
        let stocked = rows.into_iter().map(|row| self.remembered(row));
        stocked.collect()
    }

    fn remembered(&self, row: ProductRow) -> Result<(Id<Product>, Stocked), Failed> {
        let Versioned { document: product, version } = row.read()?;
        let priced = Arc::new(Priced { sku: product.sku, name: product.name, price: product.price, version });
        self.prices.keep(product.id, &priced);
        Ok((product.id, Stocked { priced, available: product.stock }))
    }
}

/// The order, the stock taken for it, and the event, or nothing at all.
fn reservation(order: &Order, prices: &Prices) -> Result<Script, Failed> {
    let notice = Notice::new("order.created".to_owned(), order.id.to_string(), (order, order.created_at))?;
    let script = Script::begin().then(&insert(order)?).then(&take(order, prices)?);
    Ok(script.then(&notice.insert_after(order.items.len())))
}

fn insert(order: &Order) -> Result<String, Failed> {
    let address = order.shipping_address.as_ref().map(serde_json::to_string).transpose()?;
    Ok(format!(
        "INSERT INTO orders (id, customer_id, status, refund, total_amount, total_currency, items, history, \
         shipping_address, version, created_at, updated_at) \
         VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {FIRST_VERSION}, {}, {})",
        bytes(order.id.uuid().as_bytes()),
        bytes(order.customer_id.uuid().as_bytes()),
        text(order.status.as_str()),
        text(refund_word(order.refund)),
        order.total.amount(),
        text(order.total.currency().as_str()),
        text(&serde_json::to_string(&order.items)?),
        text(&serde_json::to_string(&order.history)?),
        or_null(address.as_deref().map(text)),
        moment(order.created_at),
        moment(order.updated_at),
    ))
}

/// One statement for all products: it locks their rows in the order of the primary key, so two orders never wait for
/// each other. It meets fewer rows than there are lines where one has too little stock or another price.
fn take(order: &Order, prices: &Prices) -> Result<String, Failed> {
    let mut conditions = Vec::with_capacity(order.items.len());
    for item in &order.items {
        let unpriced = || Failed::Broken("an item has no price".into());
        let version = prices.get(&item.product_id).ok_or_else(unpriced)?.version;
        let (id, quantity) = (bytes(item.product_id.uuid().as_bytes()), item.quantity);
        conditions.push(format!("(id = {id} AND version = {version} AND available >= {quantity})"));
    }
    Ok(format!(
        "UPDATE products SET available = available - {}, updated_at = {} WHERE {}",
        quantity(&order.items),
        moment(order.created_at),
        conditions.join(" OR "),
    ))
}

/// How many of the row's product there are in the items.
pub(super) fn quantity(items: &[OrderItem]) -> String {
    let case = |item: &OrderItem| format!("WHEN {} THEN {}", bytes(item.product_id.uuid().as_bytes()), item.quantity);
    format!("CASE id {} END", items.iter().map(case).collect::<Vec<_>>().join(" "))
}
