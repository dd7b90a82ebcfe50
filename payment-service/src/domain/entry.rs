//! An entry of a payment's log.

use contracts::{Id, Timestamp, Transaction, TransactionKind, TransactionOutcome};
use uuid::Uuid;

/// What is learned of a try, one entry each: that it was asked of the provider, and later what came of it. Entries of
/// one try share its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The id of the try; that of the refund, where it is one.
    pub id: Uuid,
    /// What was tried, and what came of it.
    pub fact: Fact,
    /// How much, in minor units of the payment's currency.
    pub amount: i64,
    /// The provider's name for it.
    pub reference: Option<String>,
    /// Why it was tried, or why the provider said no.
    pub reason: Option<String>,
    /// Who asked for it.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What was tried, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact(pub TransactionKind, pub TransactionOutcome);

impl Entry {
    /// An entry with nothing said beyond the fact.
    pub fn new(id: Uuid, fact: Fact, amount: i64, at: Timestamp) -> Self {
        Self { id, fact, amount, reference: None, reason: None, by: None, at }
    }

    /// With the provider's name for it.
    #[must_use]
    pub fn reference(self, reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..self }
    }

    /// With a reason.
    #[must_use]
    pub fn reason(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// With the one who asked for it.
    #[must_use]
    pub fn by(self, actor: impl Into<String>) -> Self {
        Self { by: Some(actor.into()), ..self }
    }

    /// As on the wire, in the payment's currency.
    pub fn transaction(&self, currency: contracts::Currency) -> Result<Transaction, contracts::MoneyError> {
        let Fact(kind, outcome) = self.fact;
        Ok(Transaction {
            id: Id::from_uuid(self.id),
            kind,
            outcome,
            amount: contracts::Money::new(self.amount, currency)?,
            provider_reference: self.reference.clone(),
            reason: self.reason.clone(),
            at: self.at,
        })
    }
}

/// The facts there are, by name.
impl Fact {
    /// The provider is being asked for the money.
    pub const CHARGE_ASKED: Self = Self(TransactionKind::Charge, TransactionOutcome::Pending);
    /// The money is ours.
    pub const CHARGED: Self = Self(TransactionKind::Charge, TransactionOutcome::Succeeded);
    /// The provider said no.
    pub const CHARGE_DECLINED: Self = Self(TransactionKind::Charge, TransactionOutcome::Declined);
    /// The amount is reserved, and the provider is being asked to give it back.
    pub const REFUND_ASKED: Self = Self(TransactionKind::Refund, TransactionOutcome::Pending);
    /// The money is back.
    pub const REFUNDED: Self = Self(TransactionKind::Refund, TransactionOutcome::Succeeded);
    /// The provider said no; the amount is no longer reserved.
    pub const REFUND_DECLINED: Self = Self(TransactionKind::Refund, TransactionOutcome::Declined);
    /// The payment is being given up: from here on it ends with no money taken.
    pub const VOID_ASKED: Self = Self(TransactionKind::Void, TransactionOutcome::Pending);
    /// The payment is given up.
    pub const VOIDED: Self = Self(TransactionKind::Void, TransactionOutcome::Succeeded);
}
