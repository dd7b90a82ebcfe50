//! Events on their way to the bus; each is written in the update that it tells of.

use std::collections::BTreeSet;
use std::time::Duration;

use chassis::outbox::{Outbox, Unsent};
use chassis::{BoxError, Context};
use contracts::{Event, Id, Payment, SPEC_VERSION};
use futures_util::TryStreamExt as _;
use mongodb::bson::{DateTime, Document, doc};
use serde::{Deserialize, Serialize};

use super::{Payments, engine, row};
use crate::domain::{Account, Fact, PaymentError};

const LEASES: &str = "leases";

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UnsentRow {
    id: mongodb::bson::Uuid,
    kind: String,
    body: String,
}

#[derive(Debug, Deserialize)]
struct Queued {
    #[serde(rename = "_id")]
    id: mongodb::bson::Uuid,
    unsent: Vec<UnsentRow>,
}

/// What others want to know of these stages of a payment.
pub(super) fn events(stages: &[(Fact, Account)]) -> Result<Vec<UnsentRow>, PaymentError> {
    let told = stages.iter().filter_map(|(fact, account)| Some((kind(*fact)?, account)));
    told.map(|(kind, account)| event(kind, account)).collect()
}

fn kind(fact: Fact) -> Option<&'static str> {
    match fact {
        Fact::CHARGED => Some("payment.captured"),
        Fact::CHARGE_DECLINED => Some("payment.declined"),
        Fact::REFUNDED => Some("payment.refunded"),
        _ => None,
    }
}

fn event(kind: &str, account: &Account) -> Result<UnsentRow, PaymentError> {
    let id = Id::<Event<Payment>>::mint().uuid();
    let event = Event {
        specversion: SPEC_VERSION.to_owned(),
        id,
        source: format!("/{}", crate::NAME),
        kind: kind.to_owned(),
        subject: account.id.to_string(),
        time: account.updated_at,
        datacontenttype: "application/json".to_owned(),
        traceparent: Context::current().map(|context| context.traceparent()),
        requestid: Context::current().map(|context| context.request_id),
        data: account.payment()?,
    };
    let body = serde_json::to_string(&event).map_err(|error| PaymentError::Store(error.into()))?;
    Ok(UnsentRow { id: row::key(id), kind: event.kind, body })
}

impl Payments {
    /// The engine's clock, since those of the instances may differ.
    async fn engine_time(&self) -> Result<DateTime, BoxError> {
        let hello = self.within("ask for the time", self.database.run_command(doc! { "hello": 1 })).await?;
        Ok(*hello.get_datetime("localTime")?)
    }
}

impl Outbox for Payments {
    async fn lead(&self, owner: uuid::Uuid, lease: Duration) -> Result<bool, BoxError> {
        let now = self.engine_time().await?;
        let until = DateTime::from_millis(now.timestamp_millis() + i64::try_from(lease.as_millis())?);
        let owner = row::key(owner);
        let free = doc! { "_id": "outbox", "$or": [{ "owner": owner }, { "until": { "$lte": now } }] };
        let leases = self.database.collection::<Document>(LEASES);
        let taking = leases.update_one(free, doc! { "$set": { "owner": owner, "until": until } }).upsert(true);
        match engine::within(self.limits.timeout, taking).await? {
            Ok(_) => Ok(true),
            // The lease is another's, so the engine tried to make a second one.
            Err(error) if engine::is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn unsent(&self, limit: u32) -> Result<Vec<Unsent>, BoxError> {
        // As a range, so that the index is used: whatever has a time has one after this.
        let waiting = doc! { "unsent_at": { "$gt": mongodb::bson::DateTime::from_millis(0) } };
        let queued: Vec<Queued> = self
            .within("find unsent events", async {
                let rows = self.rows::<Queued>();
                let found = rows.find(waiting).projection(doc! { "unsent": 1 });
                found.sort(doc! { "unsent_at": 1 }).limit(i64::from(limit)).await?.try_collect().await
            })
            .await?;
        let of_one = |queued: Queued| {
            let subject = row::uuid(queued.id).to_string();
            queued.unsent.into_iter().map(move |event| Unsent {
                id: row::uuid(event.id),
                kind: event.kind,
                subject: subject.clone(),
                body: event.body.into_bytes(),
            })
        };
        Ok(queued.into_iter().flat_map(of_one).take(usize::try_from(limit)?).collect())
    }

    async fn forget(&self, sent: &[Unsent]) -> Result<(), BoxError> {
        let ids: Vec<_> = sent.iter().map(|event| row::key(event.id)).collect();
        let subjects = sent.iter().map(|event| event.subject.parse::<Id<Payment>>().map(row::id));
        let payments = doc! { "$in": subjects.collect::<Result<BTreeSet<_>, _>>()?.into_iter().collect::<Vec<_>>() };
        let leave = doc! { "$unset": { "unsent": "", "unsent_at": "" } };
        let rows = self.rows::<Document>();
        // Mostly these are all they had to tell; then they leave the queue in one write.
        let others = doc! { "$elemMatch": { "id": { "$nin": &ids } } };
        let done = doc! { "_id": &payments, "unsent": { "$not": others } };
        self.within("forget sent events", rows.update_many(done, leave.clone())).await?;
        let talkative = doc! { "_id": &payments, "unsent.id": { "$in": &ids } };
        let less = doc! { "$pull": { "unsent": { "id": { "$in": &ids } } } };
        if self.within("forget sent events", rows.update_many(talkative, less)).await?.matched_count > 0 {
            // It may have been the rest of what was forgotten in part before.
            self.within(
                "forget sent events",
                rows.update_many(doc! { "_id": &payments, "unsent": { "$size": 0 } }, leave),
            )
            .await?;
        }
        Ok(())
    }
}
