//! The bank's books: a document per charge, with all that was moved for it.

use chrono::{DateTime, Utc};
use contracts::{Currency, Id, Money, Payment, Timestamp};
use mongodb::bson::{self, Document, Uuid, doc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::behaviour::Deed;
use crate::domain::{Cancelled, Charged};
use crate::provider::{Charge, Unclear};

/// Money that the bank has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    /// The bank's name for it, as in a transaction's `provider_reference`.
    pub id: String,
    /// The payment it belongs to.
    pub payment_id: Id<Payment>,
    /// Which way the money went.
    pub kind: Movement,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which way money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// From the card.
    Charge,
    /// To the card.
    Refund,
}

/// Where a list of the ledger goes on: after an entry of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub Id<Payment>, pub usize);

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Charging {
    #[serde(rename = "_id")]
    pub(super) id: Uuid,
    /// How often the charge was asked for.
    pub(super) asks: i32,
    pub(super) state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// What was taken and not given back.
    pub(super) left: i64,
    pub(super) entries: Vec<Moved>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Asked,
    Captured,
    Declined,
    Cancelled,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Moved {
    pub(super) id: String,
    pub(super) kind: Movement,
    pub(super) amount: i64,
    pub(super) at: bson::DateTime,
}

impl Charging {
    /// A charge that was asked for once, after the bank's first deed.
    pub(super) fn begin(charge: &Charge, deed: Deed, at: bson::DateTime) -> Self {
        let (amount, currency) = (charge.amount.amount(), charge.amount.currency());
        let asked = Self { asks: 1, state: State::Asked, amount, ..Self::empty(charge.id, currency) };
        let entries = if deed == Deed::Captures { vec![taken(charge, at)] } else { Vec::new() };
        Self { left: if entries.is_empty() { 0 } else { amount }, entries, ..asked.after(deed) }
    }

    /// An id that was closed before any charge came.
    pub(super) fn closed(id: Id<Payment>) -> Self {
        Self::empty(id, Currency::EUR)
    }

    fn empty(id: Id<Payment>, currency: Currency) -> Self {
        let currency = currency.as_str().to_owned();
        let (state, entries) = (State::Cancelled, Vec::new());
        Self { id: key(id), asks: 0, state, reason: None, amount: 0, currency, left: 0, entries }
    }

    /// With the state that a deed leads to.
    pub(super) fn after(self, deed: Deed) -> Self {
        match deed {
            Deed::Waits => self,
            Deed::Captures => Self { state: State::Captured, ..self },
            Deed::Declines(reason) => Self { state: State::Declined, reason: Some(reason.to_owned()), ..self },
        }
    }

    /// What became of the charge; `None` while it was only asked for.
    pub(super) fn verdict(&self) -> Option<Charged> {
        match self.state {
            State::Asked => None,
            State::Captured => Some(Charged::Captured { reference: charge_reference(self.id) }),
            State::Declined => {
                Some(Charged::Declined { reason: self.reason.clone().unwrap_or_else(|| "declined".to_owned()) })
            }
            State::Cancelled => Some(Charged::Declined { reason: "cancelled".to_owned() }),
        }
    }

    /// What is said to the one who gives the charge up; `None` while it was only asked for.
    pub(super) fn cancelled(&self) -> Option<Cancelled> {
        if self.state == State::Cancelled {
            Some(Cancelled::NotCharged)
        } else {
            self.verdict().map(Cancelled::TooLate)
        }
    }

    /// The entries as operators see them.
    pub(super) fn shown(&self) -> Result<Vec<LedgerEntry>, Unclear> {
        let payment_id = Id::from_uuid(uuid::Uuid::from_bytes(self.id.bytes()));
        let show = |moved: &Moved| {
            let currency = self.currency.parse().map_err(unreadable)?;
            let amount = Money::new(moved.amount, currency).map_err(unreadable)?;
            let at = Timestamp::from_timestamp_millis(moved.at.timestamp_millis());
            let at = at.ok_or_else(|| Unclear::Unreachable(format!("{:?} is no time", moved.at).into()))?;
            Ok(LedgerEntry { id: moved.id.clone(), payment_id, kind: moved.kind, amount, at })
        };
        self.entries.iter().map(show).collect()
    }
}

/// The update that a deed is, at an ask after the first.
pub(super) fn update(charge: &Charge, deed: Deed, at: bson::DateTime) -> Result<Document, Unclear> {
    let asked_once_more = doc! { "asks": 1 };
    Ok(match deed {
        Deed::Waits => doc! { "$inc": asked_once_more },
        Deed::Declines(reason) => doc! { "$inc": asked_once_more, "$set": { "state": "declined", "reason": reason } },
        Deed::Captures => {
            let entry = bson::serialize_to_bson(&taken(charge, at)).map_err(unreadable)?;
            doc! { "$inc": asked_once_more, "$set": { "state": "captured", "left": charge.amount.amount() }, "$push": { "entries": entry } }
        }
    })
}

pub(super) fn key(id: Id<Payment>) -> Uuid {
    Uuid::from_bytes(id.uuid().into_bytes())
}

fn charge_reference(id: Uuid) -> String {
    format!("ch_{}", uuid::Uuid::from_bytes(id.bytes()).simple())
}

fn taken(charge: &Charge, at: bson::DateTime) -> Moved {
    Moved { id: charge_reference(key(charge.id)), kind: Movement::Charge, amount: charge.amount.amount(), at }
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Unclear {
    Unclear::Unreachable(error.into())
}
