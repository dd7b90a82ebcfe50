//! Where a payment stands: always the fold of its log.

use contracts::{PaymentStatus, TransactionKind, TransactionOutcome};
use uuid::Uuid;

use super::Entry;

/// Where a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// As on the wire.
    pub status: PaymentStatus,
    /// The id of the charge.
    pub charge: Uuid,
    /// What was asked for.
    pub amount: i64,
    /// What was given back.
    pub refunded: i64,
    /// Refunds that the provider has not answered for.
    pub open: Vec<Open>,
    /// The id of the void, once somebody has asked for one.
    pub void: Option<Uuid>,
    /// Why the provider said no to the charge.
    pub decline_reason: Option<String>,
    void_is_done: bool,
}

/// A refund that the provider has not answered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The refund's id.
    pub id: Uuid,
    /// What is reserved for it.
    pub amount: i64,
}

/// An entry that can't follow the ones before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{entry} can't be entered for a payment that is {status}")]
pub struct Illegal {
    status: String,
    entry: String,
}

/// Where a payment with this log stands.
pub fn fold(log: &[Entry]) -> Result<Standing, Illegal> {
    let (first, rest) = log.split_first().ok_or_else(|| Illegal::because("not there", "no entry"))?;
    rest.iter().try_fold(Standing::begin(first)?, Standing::after)
}

impl Standing {
    fn begin(first: &Entry) -> Result<Self, Illegal> {
        if first.fact != super::Fact::CHARGE_ASKED || first.amount <= 0 {
            return Err(Illegal::because("not there", &described(first)));
        }
        Ok(Self {
            status: PaymentStatus::Pending,
            charge: first.id,
            amount: first.amount,
            refunded: 0,
            open: Vec::new(),
            void: None,
            decline_reason: None,
            void_is_done: false,
        })
    }

    /// Where the payment stands after this entry.
    pub fn after(self, entry: &Entry) -> Result<Self, Illegal> {
        use TransactionKind::{Charge, Refund, Void};
        use TransactionOutcome::{Declined, Pending, Succeeded};
        let illegal = Illegal::because(self.status.as_str(), &described(entry));
        let next = match (entry.fact.0, entry.fact.1) {
            (Charge, Succeeded) => self.captured(entry),
            (Charge, Declined) => self.declined(entry),
            (Refund, Pending) => self.reserved(entry),
            (Refund, Succeeded) => self.given_back(entry),
            (Refund, Declined) => self.released(entry),
            (Void, Pending) => self.void_asked(entry),
            (Void, Succeeded) => self.voided(entry),
            (Charge, Pending) | (Void, Declined) => None,
        };
        next.ok_or(illegal)
    }

    /// What was taken, whatever of it was given back.
    pub fn captured_amount(&self) -> i64 {
        if self.holds_money() || self.status == PaymentStatus::Refunded { self.amount } else { 0 }
    }

    /// What is reserved for refunds, done ones included; never more than what was taken.
    pub fn reserved_amount(&self) -> i64 {
        self.open.iter().fold(self.refunded, |sum, open| sum.saturating_add(open.amount))
    }

    /// What can still be given back.
    pub fn left(&self) -> i64 {
        self.captured_amount().saturating_sub(self.reserved_amount())
    }

    /// Whether there is, or was before refunds, money of this payment with us.
    pub fn holds_money(&self) -> bool {
        matches!(self.status, PaymentStatus::Captured | PaymentStatus::PartiallyRefunded)
    }

    /// Whether the provider owes us an answer that nobody else will ask for.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty() || (self.void.is_some() && self.status == PaymentStatus::Pending)
    }

    fn captured(self, entry: &Entry) -> Option<Self> {
        let fits = self.status == PaymentStatus::Pending && entry.id == self.charge && entry.amount == self.amount;
        fits.then_some(Self { status: PaymentStatus::Captured, ..self })
    }

    fn declined(self, entry: &Entry) -> Option<Self> {
        let fits = self.status == PaymentStatus::Pending && entry.id == self.charge;
        fits.then(|| Self { status: PaymentStatus::Declined, decline_reason: entry.reason.clone(), ..self })
    }

    fn reserved(mut self, entry: &Entry) -> Option<Self> {
        let known = self.open.iter().any(|open| open.id == entry.id);
        let fits = self.holds_money() && !known && (1..=self.left()).contains(&entry.amount);
        self.open.push(Open { id: entry.id, amount: entry.amount });
        fits.then_some(self)
    }

    fn given_back(self, entry: &Entry) -> Option<Self> {
        let next = self.released(entry)?;
        let refunded = next.refunded.checked_add(entry.amount)?;
        let all = refunded == next.amount;
        let status = if all { PaymentStatus::Refunded } else { PaymentStatus::PartiallyRefunded };
        Some(Self { status, refunded, ..next })
    }

    fn released(mut self, entry: &Entry) -> Option<Self> {
        let place = self.open.iter().position(|open| open.id == entry.id && open.amount == entry.amount)?;
        self.open.remove(place);
        Some(self)
    }

    fn void_asked(self, entry: &Entry) -> Option<Self> {
        let fits = self.void.is_none() && (self.holds_money() || self.status == PaymentStatus::Pending);
        fits.then_some(Self { void: Some(entry.id), ..self })
    }

    fn voided(self, entry: &Entry) -> Option<Self> {
        if self.void != Some(entry.id) || self.void_is_done {
            return None;
        }
        let status = match self.status {
            PaymentStatus::Pending | PaymentStatus::Declined => PaymentStatus::Voided,
            PaymentStatus::Refunded => PaymentStatus::Refunded,
            PaymentStatus::Captured | PaymentStatus::PartiallyRefunded | PaymentStatus::Voided => return None,
        };
        Some(Self { status, void_is_done: true, ..self })
    }
}

impl Illegal {
    fn because(status: &str, entry: &str) -> Self {
        Self { status: status.to_owned(), entry: entry.to_owned() }
    }
}

fn described(entry: &Entry) -> String {
    format!("{:?} of {}", entry.fact, entry.amount)
}
