//! A bank to try things with: its own ledger, its own idempotency, and tokens that choose how it behaves.
//!
//! How often it was asked is kept in the ledger too, so that a restart does not make it forget.

mod behaviour;
mod ledger;

use std::time::Duration;

use async_trait::async_trait;
use chassis::Clock;
use contracts::{Id, Payment};
use futures_util::TryStreamExt;
use mongodb::bson::{DateTime, Document, doc, serialize_to_bson};
use mongodb::{Collection, Database};

use self::behaviour::{Behaviour, Manner};
use self::ledger::{Charging, Moved, key, update};
use super::{Charge, GiveBack, Provider, Unclear};
use crate::domain::{Cancelled, Charged, Refunded};
use crate::store::Inserts;

pub use ledger::{LedgerEntry, Movement, Place};

/// How often two questions about one charge may cross before the bank says that it is busy.
const ATTEMPTS_MAX: usize = 16;
const LEDGER: &str = "sandbox_ledger";
const WRITE_WITHIN: Duration = Duration::from_secs(10);
const BUSY: Unclear = Unclear::Status(503);

/// The bank.
#[derive(Clone)]
pub struct Sandbox {
    ledger: Collection<Charging>,
    inserts: Inserts,
    clock: Clock,
    latency: Duration,
}

impl Sandbox {
    /// The bank whose ledger is in `database`, and whose answers travel for `latency`.
    pub fn new(database: &Database, clock: Clock, latency: Duration) -> Self {
        let inserts = Inserts::into(database, LEDGER, WRITE_WITHIN);
        Self { ledger: database.collection(LEDGER), inserts, clock, latency }
    }

    /// What was moved, newest charge first; up to `limit` entries after `place`, and whether there are more.
    pub async fn moved(
        &self,
        payment: Option<Id<Payment>>,
        place: Option<Place>,
        limit: usize,
    ) -> Result<(Vec<LedgerEntry>, Option<Place>), Unclear> {
        let mut filter = doc! { "entries.0": { "$exists": true } };
        match (payment, place) {
            (Some(id), _) => filter.insert("_id", key(id)),
            (None, Some(Place(id, _))) => filter.insert("_id", doc! { "$lte": key(id) }),
            (None, None) => None,
        };
        // Each charge has one entry at least, so one charge more than entries wanted tells whether there are more.
        let charges = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(2);
        let found = self.ledger.find(filter).sort(doc! { "_id": -1 }).limit(charges).await;
        let found: Vec<Charging> = found.map_err(unreachable)?.try_collect().await.map_err(unreachable)?;
        let mut entries = Vec::new();
        for charging in found {
            let seen = place.filter(|place| key(place.0) == charging.id).map_or(0, |place| place.1);
            let shown = charging.shown()?.into_iter().enumerate().skip(seen);
            entries.extend(shown.map(|(at, entry)| (Place(entry.payment_id, at + 1), entry)));
        }
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().map(|(place, _)| *place).filter(|_| more);
        Ok((entries.into_iter().map(|(_, entry)| entry).collect(), next))
    }

    /// Enters the ask, does what the token wants, and says what became of the charge and how to answer.
    async fn ask(&self, charge: &Charge) -> Result<(Option<Charged>, Manner), Unclear> {
        let behaviour = Behaviour::of(&charge.token);
        let (deed, manner) = behaviour.at(1);
        let first = Charging::begin(charge, deed, self.now());
        if self.insert(&first).await? {
            return Ok((first.verdict(), manner));
        }
        for _ in 0..ATTEMPTS_MAX {
            let known = self.find(charge.id).await?.ok_or(BUSY)?;
            if let Some(verdict) = known.verdict() {
                return Ok((Some(verdict), Manner::Answers));
            }
            let ask = known.asks.saturating_add(1);
            let (deed, manner) = behaviour.at(ask);
            let unmoved = doc! { "_id": known.id, "state": "asked", "asks": known.asks };
            if self.update(unmoved, update(charge, deed, self.now())?).await? {
                return Ok((known.after(deed).verdict(), manner));
            }
        }
        Err(BUSY)
    }

    /// What the bank has to say before it moves money back; `None` where it may.
    async fn before_refund(&self, refund: &GiveBack, reference: &str) -> Result<Option<Refunded>, Unclear> {
        let declined = |reason: &str| Ok(Some(Refunded::Declined { reason: reason.to_owned() }));
        let Some(charging) = self.find(refund.payment_id).await? else { return declined("unknown_charge") };
        if charging.entries.iter().any(|entry| entry.id == reference) {
            return Ok(Some(Refunded::Succeeded { reference: reference.to_owned() }));
        }
        if refund.amount.amount() > charging.left { declined("exceeds_charge") } else { Ok(None) }
    }

    async fn find(&self, id: Id<Payment>) -> Result<Option<Charging>, Unclear> {
        self.ledger.find_one(doc! { "_id": key(id) }).await.map_err(unreachable)
    }

    /// Whether the id was free.
    async fn insert(&self, charging: &Charging) -> Result<bool, Unclear> {
        self.inserts.insert(charging).await.map_err(|error| Unclear::Unreachable(error.into()))
    }

    /// Whether there was something to update.
    async fn update(&self, filter: Document, update: Document) -> Result<bool, Unclear> {
        let updated = self.ledger.update_one(filter, update).await.map_err(unreachable)?;
        Ok(updated.matched_count > 0)
    }

    fn now(&self) -> DateTime {
        DateTime::from_millis(self.clock.now().timestamp_millis())
    }

    async fn travel(&self) {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
    }
}

#[async_trait]
impl Provider for Sandbox {
    async fn charge(&self, charge: &Charge) -> Result<Charged, Unclear> {
        self.travel().await;
        let (verdict, manner) = self.ask(charge).await?;
        match manner {
            Manner::Answers => verdict.ok_or(BUSY),
            Manner::Silent => std::future::pending().await,
            Manner::Fails => Err(BUSY),
        }
    }

    async fn refund(&self, refund: &GiveBack) -> Result<Refunded, Unclear> {
        self.travel().await;
        let reference = format!("re_{}", refund.id.uuid().simple());
        let amount = refund.amount.amount();
        let moved = Moved { id: reference.clone(), kind: Movement::Refund, amount, at: self.now() };
        let moved = serialize_to_bson(&moved).map_err(|error| Unclear::Unreachable(error.into()))?;
        for _ in 0..ATTEMPTS_MAX {
            if let Some(answer) = self.before_refund(refund, &reference).await? {
                return Ok(answer);
            }
            // Checked again by the engine: others may have moved money since it was read.
            let enough =
                doc! { "_id": key(refund.payment_id), "left": { "$gte": amount }, "entries.id": { "$ne": &reference } };
            let update = doc! { "$inc": { "left": -amount }, "$push": { "entries": moved.clone() } };
            if self.update(enough, update).await? {
                return Ok(Refunded::Succeeded { reference });
            }
        }
        Err(BUSY)
    }

    async fn cancel(&self, id: Id<Payment>) -> Result<Cancelled, Unclear> {
        self.travel().await;
        for _ in 0..ATTEMPTS_MAX {
            let open = doc! { "_id": key(id), "state": "asked" };
            if self.update(open, doc! { "$set": { "state": "cancelled" } }).await? {
                return Ok(Cancelled::NotCharged);
            }
            if let Some(answer) = self.find(id).await?.and_then(|charging| charging.cancelled()) {
                return Ok(answer);
            }
            if self.insert(&Charging::closed(id)).await? {
                return Ok(Cancelled::NotCharged);
            }
        }
        Err(BUSY)
    }
}

fn unreachable(error: mongodb::error::Error) -> Unclear {
    Unclear::Unreachable(error.into())
}
