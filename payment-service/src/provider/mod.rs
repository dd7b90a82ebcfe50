//! The payment provider: a bank on the other side of a network, which may answer, refuse, or keep silent.

mod in_time;
mod sandbox;

use async_trait::async_trait;
use chassis::BoxError;
use contracts::{Id, Money, Payment, Refund};

use crate::domain::{Cancelled, Charged, Refunded, Token};

pub use in_time::InTime;
pub use sandbox::{LedgerEntry, Movement, Place, Sandbox};

/// What a provider is asked. Each question is idempotent by its id: asked again, it changes nothing more.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// Takes the money.
    async fn charge(&self, charge: &Charge) -> Result<Charged, Unclear>;

    /// Gives some or all of it back.
    async fn refund(&self, refund: &GiveBack) -> Result<Refunded, Unclear>;

    /// Closes the id: says what became of its charge and, where nothing was taken, sees to it that nothing will be,
    /// even if the charge is on its way at this moment.
    async fn cancel(&self, id: Id<Payment>) -> Result<Cancelled, Unclear>;
}

/// A charge as the provider sees it.
#[derive(Debug, Clone)]
pub struct Charge {
    /// The payment's id, which makes it idempotent.
    pub id: Id<Payment>,
    /// How much.
    pub amount: Money,
    /// From which card.
    pub token: Token,
}

/// A refund as the provider sees it.
#[derive(Debug, Clone)]
pub struct GiveBack {
    /// The refund's id, which makes it idempotent.
    pub id: Id<Refund>,
    /// What it is taken from.
    pub payment_id: Id<Payment>,
    /// How much.
    pub amount: Money,
}

/// There is no answer that counts: what was asked for may have been done, or not.
#[derive(Debug, thiserror::Error)]
pub enum Unclear {
    /// No answer in time.
    #[error("the provider gave no answer in time")]
    Silent,
    /// An answer that says nothing.
    #[error("the provider answered with status {0}")]
    Status(u16),
    /// Nobody there.
    #[error("the provider could not be reached")]
    Unreachable(#[source] BoxError),
}
