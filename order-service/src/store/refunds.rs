//! Money that came back, as payment-service tells it.

use contracts::{Id, Money, Order};
use uuid::Uuid;

use super::engine::{Script, bytes, moment};
use super::transitions::update;
use super::{Failed, Store};
use crate::domain::{OrderError, Versioned, refunded};
use diesel::prelude::*;
use diesel_async::{AsyncMysqlConnection, RunQueryDsl};

use super::row::BinId;
use super::schema::inbox;

/// How often a refund is noted on an order that others change at the same time.
const ATTEMPTS_MAX: u32 = 10;

/// What came of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The order knows now.
    Now,
    /// This event was seen before.
    Before,
    /// It says nothing that the order did not know.
    NothingNew,
    /// There is no such order.
    NoOrder,
}

impl Store {
    /// Notes that `refunded` has come back for the order in all. Each event counts once, in any order.
    pub async fn record_refund(
        &self,
        order_id: Id<Order>,
        amount: Money,
        event_id: Uuid,
    ) -> Result<Recorded, OrderError> {
        for _ in 0..ATTEMPTS_MAX {
            if self.has_seen(event_id).await? {
                return Ok(Recorded::Before);
            }
            let known = match self.find_order(order_id).await {
                Err(OrderError::NotFound) => return Ok(Recorded::NoOrder),
                found => found?,
            };
            let now = self.clock.now();
            let changed = refunded(&known.document, amount, now);
            match self.engine.commit(recording(&known, changed.as_ref(), (event_id, now))?).await {
                Ok(()) => return Ok(if changed.is_some() { Recorded::Now } else { Recorded::NothingNew }),
                Err(Failed::Taken(_) | Failed::Unmet) => {}
                Err(failed) => return Err(failed.into()),
            }
        }
        Err(Failed::Unmet.into())
    }

    async fn has_seen(&self, event_id: Uuid) -> Result<bool, Failed> {
        let find = async |connection: &mut AsyncMysqlConnection| {
            let seen = inbox::table.find(BinId(event_id)).select(inbox::event_id);
            Ok(seen.first::<BinId>(connection).await.optional()?.is_some())
        };
        self.engine.with(find).await
    }
}

/// The change, if any, and the event's id.
fn recording(
    known: &Versioned<Order>,
    changed: Option<&Order>,
    event: (Uuid, contracts::Timestamp),
) -> Result<Script, Failed> {
    let (id, at) = (bytes(event.0.as_bytes()), moment(event.1));
    let Some(changed) = changed else {
        return Ok(Script::begin().then(&format!("INSERT INTO inbox (event_id, seen_at) VALUES ({id}, {at})")));
    };
    let seen = format!("INSERT INTO inbox (event_id, seen_at) VALUES ({id}, {})", Script::fenced(1, &at));
    Ok(Script::begin().then(&update(known, changed)?).then(&seen))
}
