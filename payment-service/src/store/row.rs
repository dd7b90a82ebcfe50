//! A payment as MongoDB keeps it: one document with its log, its unsent events and its idempotency keys.

use contracts::{Currency, Id, Method, Money, Payment, PaymentStatus, Timestamp, TransactionKind, TransactionOutcome};
use mongodb::bson::{Bson, DateTime, Document, Uuid, doc, serialize_to_bson};
use serde::{Deserialize, Serialize};

use super::outbox::UnsentRow;
use crate::domain::{Account, Entry, Fact, Key, PaymentError, Step, Token, fold};

/// Lists leave out what grows, so all of that has a default.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    #[serde(rename = "_id")]
    id: Uuid,
    order_id: Uuid,
    customer_id: Uuid,
    amount: i64,
    currency: String,
    method: Method,
    #[serde(default)]
    token: String,
    status: PaymentStatus,
    refunded: i64,
    refund_reserved: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decline_reason: Option<String>,
    #[serde(default)]
    transactions: Vec<EntryRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<KeyRow>,
    version: i64,
    created_at: DateTime,
    updated_at: DateTime,
}

#[derive(Debug, Serialize, Deserialize)]
struct EntryRow {
    id: Uuid,
    kind: TransactionKind,
    outcome: TransactionOutcome,
    amount: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    at: DateTime,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeyRow {
    key: String,
    refund: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    reason: String,
}

/// What a payment's list entry is read from.
pub(super) fn without_what_grows() -> Document {
    doc! { "token": 0, "transactions": 0, "keys": 0, "unsent": 0 }
}

impl From<&Account> for Row {
    fn from(account: &Account) -> Self {
        Self {
            id: id(account.id),
            order_id: id(account.order_id),
            customer_id: id(account.customer_id),
            amount: account.amount.amount(),
            currency: account.amount.currency().as_str().to_owned(),
            method: account.method,
            token: account.token.expose().to_owned(),
            status: account.standing.status,
            refunded: account.standing.refunded,
            refund_reserved: account.standing.reserved_amount(),
            decline_reason: account.standing.decline_reason.clone(),
            transactions: account.log.iter().map(EntryRow::from).collect(),
            keys: account.keys.iter().map(KeyRow::from).collect(),
            version: account.version,
            created_at: at(account.created_at),
            updated_at: at(account.updated_at),
        }
    }
}

impl Row {
    pub(super) fn payment(&self) -> Result<Payment, PaymentError> {
        let currency: Currency = self.currency.parse()?;
        Ok(Payment {
            id: from(self.id),
            order_id: from(self.order_id),
            customer_id: from(self.customer_id),
            amount: Money::new(self.amount, currency)?,
            refunded: Money::new(self.refunded, currency)?,
            status: self.status,
            method: self.method,
            decline_reason: self.decline_reason.clone(),
            created_at: time(self.created_at)?,
            updated_at: time(self.updated_at)?,
        })
    }

    pub(super) fn account(self) -> Result<Account, PaymentError> {
        let stored = self.payment()?;
        let log = self.transactions.into_iter().map(EntryRow::entry).collect::<Result<Vec<_>, _>>()?;
        let account = Account {
            id: stored.id,
            order_id: stored.order_id,
            customer_id: stored.customer_id,
            amount: stored.amount,
            method: stored.method,
            token: Token::parse(&self.token).map_err(|wrong| PaymentError::Store(wrong.detail.into()))?,
            standing: fold(&log)?,
            log,
            keys: self.keys.into_iter().map(Key::from).collect(),
            version: self.version,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        };
        account.agrees_with(&stored)?;
        Ok(account)
    }
}

/// The update that leads to `next` by `step`: all of it, or nothing.
pub(super) fn update(
    next: &Account,
    step: &Step,
    events: &[UnsentRow],
    ask_at: Option<DateTime>,
) -> Result<Document, PaymentError> {
    let standing = &next.standing;
    let now = at(next.updated_at);
    let mut set = doc! {
        "status": value(&standing.status)?,
        "refunded": standing.refunded,
        "refund_reserved": standing.reserved_amount(),
        "version": next.version,
        "updated_at": now,
    };
    let entries = step.entries.iter().map(EntryRow::from).collect::<Vec<_>>();
    let mut push = doc! { "transactions": { "$each": value(&entries)? } };
    let mut update = Document::new();
    if let Some(reason) = &standing.decline_reason {
        set.insert("decline_reason", reason);
    }
    if let Some(key) = &step.key {
        push.insert("keys", value(&KeyRow::from(key))?);
    }
    if !events.is_empty() {
        push.insert("unsent", doc! { "$each": value(&events)? });
        update.insert("$min", doc! { "unsent_at": now });
    }
    match ask_at {
        Some(then) => {
            set.insert("ask_at", then);
            set.insert("asks", 0);
        }
        None => {
            update.insert("$unset", doc! { "ask_at": "", "asks": "" });
        }
    }
    update.insert("$set", set);
    update.insert("$push", push);
    Ok(update)
}

impl From<&Entry> for EntryRow {
    fn from(entry: &Entry) -> Self {
        let Fact(kind, outcome) = entry.fact;
        Self {
            id: key(entry.id),
            kind,
            outcome,
            amount: entry.amount,
            provider_reference: entry.reference.clone(),
            reason: entry.reason.clone(),
            by: entry.by.clone(),
            at: at(entry.at),
        }
    }
}

impl EntryRow {
    fn entry(self) -> Result<Entry, PaymentError> {
        let Self { kind, outcome, amount, provider_reference: reference, reason, by, .. } = self;
        let (id, at) = (uuid(self.id), time(self.at)?);
        Ok(Entry { id, fact: Fact(kind, outcome), amount, reference, reason, by, at })
    }
}

impl From<&Key> for KeyRow {
    fn from(known: &Key) -> Self {
        let Key { key: text, refund, amount, reason } = known.clone();
        Self { key: text, refund: key(refund), amount, reason }
    }
}

impl From<KeyRow> for Key {
    fn from(row: KeyRow) -> Self {
        let KeyRow { key, refund, amount, reason } = row;
        Self { key, refund: uuid(refund), amount, reason }
    }
}

pub(super) fn id<T>(id: Id<T>) -> Uuid {
    key(id.uuid())
}

pub(super) fn from<T>(id: Uuid) -> Id<T> {
    Id::from_uuid(uuid(id))
}

pub(super) fn key(uuid: uuid::Uuid) -> Uuid {
    Uuid::from_bytes(uuid.into_bytes())
}

pub(super) fn uuid(uuid: Uuid) -> uuid::Uuid {
    uuid::Uuid::from_bytes(uuid.bytes())
}

/// To the millisecond, which is what MongoDB keeps.
pub(super) fn at(time: Timestamp) -> DateTime {
    DateTime::from_millis(time.timestamp_millis())
}

/// MongoDB keeps years that no calendar of ours has.
fn time(at: DateTime) -> Result<Timestamp, PaymentError> {
    let time = Timestamp::from_timestamp_millis(at.timestamp_millis());
    time.ok_or_else(|| PaymentError::Store(format!("{at:?} is no time").into()))
}

fn value<T: Serialize + ?Sized>(value: &T) -> Result<Bson, PaymentError> {
    serialize_to_bson(value).map_err(|error| PaymentError::Store(error.into()))
}
