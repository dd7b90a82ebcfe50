//! The payments, each one document, so that one write changes a payment, its log and its unsent events together.

mod batches;
mod engine;
mod indexes;
mod inserts;
mod outbox;
mod queue;
mod row;
mod updates;

use std::time::Duration;

use chassis::{BoxError, Clock};
use chrono::SubsecRound as _;
use contracts::{Customer, Id, Order, Payment, Timestamp};
use futures_util::TryStreamExt as _;
use mongodb::bson::{DateTime, RawDocumentBuf, deserialize_from_slice, doc};
use mongodb::{Collection, Database};

use self::row::Row;
use self::updates::Updates;
use crate::domain::{Account, PaymentError, Reason, Step};

pub use engine::{connect, open, pool};
pub use inserts::Inserts;
pub use queue::Due;

const PAYMENTS: &str = "payments";
/// Fractions of a second that MongoDB keeps.
const DIGITS: u16 = 3;

/// The payments in the store.
#[derive(Clone)]
pub struct Payments {
    database: Database,
    inserts: Inserts,
    updates: Updates,
    clock: Clock,
    limits: Limits,
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A question to the engine.
    pub timeout: Duration,
    /// The provider and whoever asked it, until somebody else asks again.
    pub ask_after: Duration,
    /// From one time of asking again to the next, at most.
    pub ask_after_max: Duration,
}

/// What stands under an id.
#[derive(Debug)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// The mark of a payment that was given up before it came.
    Tombstone,
    /// A payment.
    Account(Box<Account>),
}

/// Which payments a list holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Those for this order.
    pub order_id: Option<Id<Order>>,
    /// Those of this customer.
    pub customer_id: Option<Id<Customer>>,
    /// Those older than this one.
    pub after: Option<Id<Payment>>,
}

impl Payments {
    /// The payments in `database`.
    pub fn new(database: &Database, clock: Clock, limits: Limits) -> Self {
        let inserts = Inserts::into(database, PAYMENTS, limits.timeout);
        let updates = Updates::of(database, PAYMENTS, limits.timeout);
        Self { database: database.clone(), inserts, updates, clock, limits }
    }

    /// The time, as exactly as the store keeps it.
    pub fn now(&self) -> Timestamp {
        self.clock.now().trunc_subsecs(DIGITS)
    }

    /// What stands under this id.
    pub async fn find(&self, id: Id<Payment>) -> Result<Found, PaymentError> {
        let found =
            self.within("find payments", self.rows::<RawDocumentBuf>().find_one(doc! { "_id": row::id(id) })).await?;
        let Some(document) = found else { return Ok(Found::Nothing) };
        if matches!(document.get("tombstone"), Ok(Some(_))) {
            return Ok(Found::Tombstone);
        }
        let row: Row = deserialize_from_slice(document.as_bytes()).map_err(broken)?;
        Ok(Found::Account(Box::new(row.account()?)))
    }

    /// The payment with this id.
    pub async fn account(&self, id: Id<Payment>) -> Result<Account, PaymentError> {
        match self.find(id).await? {
            Found::Account(account) => Ok(*account),
            Found::Nothing | Found::Tombstone => Err(PaymentError::Missing),
        }
    }

    /// Enters a new payment; whether its id was free.
    pub async fn insert(&self, account: &Account) -> Result<bool, PaymentError> {
        self.inserts.insert(&Row::from(account)).await
    }

    /// Marks an id as given up before its payment came; whether it was free.
    pub async fn insert_tombstone(&self, id: Id<Payment>, reason: &Reason, by: &str) -> Result<bool, PaymentError> {
        let now = row::at(self.now());
        let mark =
            doc! { "_id": row::id(id), "tombstone": true, "reason": reason.as_str(), "by": by, "created_at": now };
        self.inserts.insert(&mark).await
    }

    /// Enters a step: the account after it, or `None` where the account may have changed since it was read, be it by this
    /// very step: then it is to be read again, and what it says counts.
    pub async fn save(&self, account: &Account, step: &Step) -> Result<Option<Account>, PaymentError> {
        let (next, stages) = account.after(step, self.now())?;
        let events = outbox::events(&stages)?;
        let update = row::update(&next, step, &events, self.ask_at(&next))?;
        let unchanged = doc! { "_id": row::id(account.id), "version": account.version };
        Ok(self.updates.update(unchanged, update).await?.then_some(next))
    }

    /// The payments of a list, newest first, `limit` at most.
    pub async fn list(&self, filter: Filter, limit: u32) -> Result<Vec<Payment>, PaymentError> {
        // Tombstones have no status.
        let mut wanted = doc! { "status": { "$exists": true } };
        if let Some(order_id) = filter.order_id {
            wanted.insert("order_id", row::id(order_id));
        }
        if let Some(customer_id) = filter.customer_id {
            wanted.insert("customer_id", row::id(customer_id));
        }
        if let Some(after) = filter.after {
            wanted.insert("_id", doc! { "$lt": row::id(after) });
        }
        let rows: Vec<Row> = self
            .within("list payments", async {
                let rows = self.rows::<Row>();
                let found = rows.find(wanted).projection(row::without_what_grows());
                found.sort(doc! { "_id": -1 }).limit(i64::from(limit)).await?.try_collect().await
            })
            .await?;
        rows.iter().map(Row::payment).collect()
    }

    /// Whether the engine is there.
    pub async fn ping(&self) -> Result<(), BoxError> {
        engine::ping(&self.database).await
    }

    /// When somebody should ask the provider again, should whoever asks now not come back with an answer.
    fn ask_at(&self, account: &Account) -> Option<DateTime> {
        account.standing.is_open().then(|| row::at(self.now() + self.limits.ask_after))
    }

    /// Does `work` within the limits, as `what` of the trace.
    async fn within<T, W>(&self, what: &'static str, work: W) -> Result<T, PaymentError>
    where
        W: IntoFuture<Output = Result<T, mongodb::error::Error>>,
    {
        let mut span = engine::span(what);
        let done = span.within(engine::within(self.limits.timeout, work)).await;
        span.note(done.and_then(|done| done.map_err(engine::fault)))
    }

    fn rows<T: Send + Sync>(&self) -> Collection<T> {
        self.database.collection(PAYMENTS)
    }
}

fn broken(error: mongodb::bson::error::Error) -> PaymentError {
    PaymentError::Store(error.into())
}
