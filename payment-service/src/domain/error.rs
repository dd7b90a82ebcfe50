//! What can go wrong with a payment.

use chassis::{BoxError, Fault, Kind};
use contracts::{FieldError, Money, MoneyError, PaymentStatus};

use super::Illegal;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// The request is understood, but wrong.
    #[error("{}", told(.0))]
    Invalid(Vec<FieldError>),
    /// No such payment, or none that the caller may see.
    #[error("there is no payment with this id")]
    Missing,
    /// The id is taken by another payment.
    #[error("this id belongs to a payment with other content: mint a new id for a new payment")]
    Exists,
    /// The payment was given up.
    #[error("this payment was voided: nothing is charged under its id any more")]
    Voided,
    /// The provider said no to the charge.
    #[error("the provider declined the payment: {}", .reason.replace('_', " "))]
    Declined {
        /// In `snake_case`, as in the payment.
        reason: String,
    },
    /// The provider said no to a refund.
    #[error("the provider declined the refund: {}", .reason.replace('_', " "))]
    RefundDeclined {
        /// In `snake_case`.
        reason: String,
    },
    /// Whether the provider did what it was asked is not known.
    #[error("the provider's answer is not clear yet: ask again under the same id")]
    Unclear(#[source] BoxError),
    /// There is no money to give back.
    #[error("only a captured payment can be refunded, and this one is {0}")]
    NotCaptured(PaymentStatus),
    /// More than what is left was to be given back.
    #[error("only {left} of this payment are left to refund: ask for that much or less")]
    Exceeds {
        /// What can still be given back.
        left: Money,
    },
    /// The payment's log is as long as it may become.
    #[error("this payment has had {0} refunds: refund all that is left")]
    TooManyRefunds(usize),
    /// An idempotency key came back with another request.
    #[error("this `Idempotency-Key` was used for another refund: use a new key for a new refund")]
    KeyReused,
    /// Others changed the payment all the time.
    #[error("too much happens to this payment at once")]
    Busy,
    /// The engine can't be reached, or did not answer in time.
    #[error("the store is not available")]
    Unavailable(#[source] BoxError),
    /// The engine refused what should have worked.
    #[error("the store failed")]
    Store(#[source] BoxError),
    /// A log that no sequence of ours leads to.
    #[error("a payment's log makes no sense")]
    Corrupt(#[from] Illegal),
}

impl Fault for PaymentError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) | Self::KeyReused => Kind::Invalid,
            Self::Missing => Kind::Missing,
            Self::Exists
            | Self::Voided
            | Self::RefundDeclined { .. }
            | Self::NotCaptured(_)
            | Self::Exceeds { .. }
            | Self::TooManyRefunds(_) => Kind::Conflict,
            Self::Declined { .. } => Kind::Declined,
            Self::Unclear(_) | Self::Busy | Self::Unavailable(_) => Kind::Unavailable,
            Self::Store(_) | Self::Corrupt(_) => Kind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-request",
            Self::Missing => "payment-not-found",
            Self::Exists => "payment-exists",
            Self::Voided => "payment-voided",
            Self::Declined { .. } => "payment-declined",
            Self::RefundDeclined { .. } => "refund-declined",
            Self::Unclear(_) => "payment-unclear",
            Self::NotCaptured(_) => "payment-not-captured",
            Self::Exceeds { .. } => "refund-exceeds-payment",
            Self::TooManyRefunds(_) => "too-many-refunds",
            Self::KeyReused => "idempotency-mismatch",
            Self::Busy | Self::Unavailable(_) => "unavailable",
            Self::Store(_) | Self::Corrupt(_) => "internal",
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        if let Self::Invalid(errors) = self { errors.clone() } else { Vec::new() }
    }
}

impl From<MoneyError> for PaymentError {
    fn from(error: MoneyError) -> Self {
        Self::Store(error.into())
    }
}

fn told(errors: &[FieldError]) -> String {
    let lines = errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail));
    lines.collect::<Vec<_>>().join("; ")
}
