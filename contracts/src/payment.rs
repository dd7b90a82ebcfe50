//! Payments, refunds and the log that they are the fold of.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Customer, Id, Money, Order};

/// Money taken for an order, and what of it was given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Payment {
    /// Minted by whoever asked for it.
    pub id: Id<Payment>,
    /// What it pays for.
    pub order_id: Id<Order>,
    /// Who pays.
    pub customer_id: Id<Customer>,
    /// What was asked for.
    pub amount: Money,
    /// What was given back.
    pub refunded: Money,
    /// Where it stands.
    pub status: PaymentStatus,
    /// How it is paid.
    pub method: Method,
    /// Why the provider said no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline_reason: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where a payment stands; always the fold of its transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Asked for; the provider's answer is not known yet.
    Pending,
    /// The money is ours.
    Captured,
    /// The provider said no.
    Declined,
    /// Given up before any money moved.
    Voided,
    /// Some of the money was given back.
    PartiallyRefunded,
    /// All of it was given back.
    Refunded,
}

impl PaymentStatus {
    /// As on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Captured => "captured",
            Self::Declined => "declined",
            Self::Voided => "voided",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
        }
    }
}

impl fmt::Display for PaymentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a payment is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By a card, of which only the provider's token is known here.
    Card,
}

/// An entry of a payment's log, which only grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transaction {
    /// Its own id.
    pub id: Id<Transaction>,
    /// What was tried.
    pub kind: TransactionKind,
    /// What came of it.
    pub outcome: TransactionOutcome,
    /// How much.
    pub amount: Money,
    /// The provider's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_reference: Option<String>,
    /// Why it was tried, or why the provider said no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was tried with a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// To take the money.
    Charge,
    /// To give some or all of it back.
    Refund,
    /// To give the payment up.
    Void,
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionOutcome {
    /// Asked of the provider, whose answer is not known yet.
    Pending,
    /// Done.
    Succeeded,
    /// The provider said no.
    Declined,
}

/// `PUT /payments/{id}` of the payment-service: takes the money. Idempotent by id.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// What it pays for.
    pub order_id: Id<Order>,
    /// Who pays.
    pub customer_id: Id<Customer>,
    /// How much; above 0.
    pub amount: Money,
    /// How it is paid.
    pub method: Method,
    /// The provider's token for the card.
    pub token: String,
}

impl fmt::Debug for NewPayment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPayment").field("order_id", &self.order_id).finish_non_exhaustive()
    }
}

/// `POST /payments/{id}/void` of the payment-service: whatever became of the payment, no money stays taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidPayment {
    /// Why.
    pub reason: String,
}

/// `POST /payments/{id}/refunds`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRefund {
    /// How much, above 0; all that is left where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Why.
    pub reason: String,
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refund {
    /// Its own id, that of its transaction too.
    pub id: Id<Refund>,
    /// What it is taken from.
    pub payment_id: Id<Payment>,
    /// How much.
    pub amount: Money,
    /// Whether the money is back.
    pub status: RefundStatus,
    /// Why.
    pub reason: String,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// Whether the money of a refund is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// Asked of the provider.
    Pending,
    /// Given back.
    Succeeded,
    /// The provider said no.
    Declined,
}
