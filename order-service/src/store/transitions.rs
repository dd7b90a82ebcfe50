//! Orders on their way: what changes, what goes back, and what the bus is told, in one transaction.

use contracts::{Id, Order, OrderItem, OrderStatus, Timestamp};
use diesel::prelude::*;
use diesel_async::{AsyncMysqlConnection, RunQueryDsl};

use super::engine::{Script, bytes, moment, or_null, text};
use super::outbox::Notice;
use super::place::{FIRST_VERSION, quantity};
use super::row::{BinId, refund_word};
use super::schema::orders;
use super::{Failed, Store};
use crate::domain::{OrderError, Versioned};

/// How often a change is tried on an order that others change at the same time.
const ATTEMPTS_MAX: u32 = 10;

impl Store {
    /// Applies `command`, which is pure and may be asked again where somebody else was faster. It gives the order as it
    /// is to be, or `None` where it is so already.
    pub(crate) async fn change_order<C>(&self, id: Id<Order>, command: C) -> Result<Versioned<Order>, OrderError>
    where
        C: Fn(&Order) -> Result<Option<Order>, OrderError>,
    {
        // What is remembered may be old, so nothing but a change counts, which is proved when it is written.
        if let Some(fresh) = self.fresh.take(id)
            && let Ok(Some(changed)) = command(&fresh.document)
            && let Some(order) = self.enter(&fresh, changed).await?
        {
            return Ok(order);
        }
        for _ in 0..ATTEMPTS_MAX {
            let known = self.find_order(id).await?;
            let Some(changed) = command(&known.document)? else { return Ok(known) };
            if let Some(order) = self.enter(&known, changed).await? {
                return Ok(order);
            }
        }
        Err(Failed::Unmet.into())
    }

    /// The order after the change; `None` where somebody else has changed it meanwhile.
    async fn enter(&self, known: &Versioned<Order>, changed: Order) -> Result<Option<Versioned<Order>>, Failed> {
        match self.engine.commit(transition(known, &changed)?).await {
            Ok(()) => Ok(Some(Versioned { document: changed, version: known.version + 1 })),
            Err(Failed::Unmet) => Ok(None),
            Err(failed) => Err(failed),
        }
    }

    /// Applies `command` as [`Self::change_order`] does. For an id that nobody knows it leaves a tombstone, so that the
    /// order can't be placed later, and gives `None`.
    pub(crate) async fn change_or_bury<C>(
        &self,
        id: Id<Order>,
        command: C,
    ) -> Result<Option<Versioned<Order>>, OrderError>
    where
        C: Fn(&Order) -> Result<Option<Order>, OrderError>,
    {
        for _ in 0..ATTEMPTS_MAX {
            match self.change_order(id, &command).await {
                Err(OrderError::NotFound) => {}
                outcome => return outcome.map(Some),
            }
            if self.bury(id).await? {
                return Ok(None);
            }
        }
        Err(Failed::Unmet.into())
    }

    /// Whether there is a tombstone now; there is none where an order came in between.
    async fn bury(&self, id: Id<Order>) -> Result<bool, Failed> {
        match self.engine.commit(Script::begin().then(&tombstone(id, self.clock.now()))).await {
            Ok(()) => Ok(true),
            Err(Failed::Taken(_)) => self.is_buried(id).await,
            Err(failed) => Err(failed),
        }
    }

    async fn is_buried(&self, id: Id<Order>) -> Result<bool, Failed> {
        let id = BinId::from(id);
        let find = async |connection: &mut AsyncMysqlConnection| {
            Ok(orders::table.find(id).select(orders::tombstone).first(connection).await?)
        };
        self.engine.with(find).await
    }
}

fn transition(known: &Versioned<Order>, changed: &Order) -> Result<Script, Failed> {
    let kind = format!("order.{}", changed.status);
    let notice = Notice::new(kind, changed.id.to_string(), (changed, changed.updated_at))?;
    let script = Script::begin().then(&update(known, changed)?).then(&notice.insert_after(1));
    let released = changed.status == OrderStatus::Cancelled && known.document.status != OrderStatus::Cancelled;
    Ok(if released { script.then(&give_back(&changed.items, changed.updated_at)) } else { script })
}

/// Meets one row, unless somebody else has changed the order meanwhile.
pub(super) fn update(known: &Versioned<Order>, changed: &Order) -> Result<String, Failed> {
    let shipment = changed.shipment.as_ref().map(serde_json::to_string).transpose()?;
    Ok(format!(
        "UPDATE orders SET status = {}, refund = {}, payment_id = {}, cancel_reason = {}, shipment = {}, \
         history = {}, version = version + 1, updated_at = {} WHERE id = {} AND version = {}",
        text(changed.status.as_str()),
        text(refund_word(changed.refund)),
        or_null(changed.payment_id.map(|id| bytes(id.uuid().as_bytes()))),
        or_null(changed.cancel_reason.as_deref().map(text)),
        or_null(shipment.as_deref().map(text)),
        text(&serde_json::to_string(&changed.history)?),
        moment(changed.updated_at),
        bytes(changed.id.uuid().as_bytes()),
        known.version,
    ))
}

fn give_back(items: &[OrderItem], at: Timestamp) -> String {
    let ids = items.iter().map(|item| bytes(item.product_id.uuid().as_bytes())).collect::<Vec<_>>().join(", ");
    let (amount, at) = (quantity(items), moment(at));
    format!("UPDATE products SET available = available + {amount}, updated_at = {at} WHERE id IN ({ids})")
}

fn tombstone(id: Id<Order>, at: Timestamp) -> String {
    let (id, at, nobody) = (bytes(id.uuid().as_bytes()), moment(at), bytes(&[0; 16]));
    let status = text(OrderStatus::Cancelled.as_str());
    format!(
        "INSERT INTO orders (id, customer_id, status, refund, total_amount, total_currency, items, history, version, \
         tombstone, created_at, updated_at) \
         VALUES ({id}, {nobody}, {status}, 'none', 0, 'EUR', '[]', '[]', {FIRST_VERSION}, TRUE, {at}, {at})"
    )
}
