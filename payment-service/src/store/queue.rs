//! Payments whose provider must be asked again. Taking one puts its time off, which is the lease: should the taker die,
//! the time comes again, and another instance takes it.

use std::time::Duration;

use contracts::{Id, Payment};
use futures_util::TryStreamExt as _;
use mongodb::bson::{DateTime, Document, Uuid, doc};
use serde::Deserialize;

use super::{Payments, row};
use crate::domain::PaymentError;

/// A payment whose time has come.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Due {
    #[serde(rename = "_id")]
    id: Uuid,
    ask_at: DateTime,
    asks: i32,
}

impl Due {
    /// Which payment it is.
    pub fn id(&self) -> Id<Payment> {
        row::from(self.id)
    }
}

impl Payments {
    /// The payments whose time has come, longest due first.
    pub async fn due(&self, limit: u32) -> Result<Vec<Due>, PaymentError> {
        let come = doc! { "ask_at": { "$lte": row::at(self.now()) } };
        self.within("find due payments", async {
            let rows = self.rows::<Due>();
            let found = rows.find(come).projection(doc! { "ask_at": 1, "asks": 1 });
            found.sort(doc! { "ask_at": 1 }).limit(i64::from(limit)).await?.try_collect().await
        })
        .await
    }

    /// Takes a due payment; whether nobody else did.
    pub async fn take(&self, due: &Due) -> Result<bool, PaymentError> {
        let asks = due.asks.saturating_add(1);
        let again = row::at(self.now() + self.wait(asks));
        let untaken = doc! { "_id": due.id, "ask_at": due.ask_at, "asks": due.asks };
        let update = doc! { "$set": { "ask_at": again, "asks": asks } };
        let updated = self.within("take due payment", self.rows::<Document>().update_one(untaken, update)).await?;
        Ok(updated.matched_count > 0)
    }

    /// Twice as long each time, up to the limit.
    fn wait(&self, asks: i32) -> Duration {
        let doublings = u32::try_from(asks).unwrap_or(0).min(16);
        self.limits.ask_after.saturating_mul(1 << doublings).min(self.limits.ask_after_max)
    }
}
