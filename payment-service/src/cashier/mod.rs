//! What is done with payments: the decisions of the domain, the provider's answers and the store, brought together.
//!
//! Every change is read, decided, and written only if nothing changed meanwhile; else it is decided anew. So whatever
//! crosses whatever, each decision is made on what is true when it is written.

mod ask_again;
mod charge;
mod refund;
mod turns;
mod void;

use std::sync::Arc;

use contracts::{Id, Payment};

use self::turns::Turns;
use crate::domain::{Account, PaymentError, Step};
use crate::provider::{Provider, Unclear};
use crate::store::Payments;

pub use charge::Taken;
pub use refund::Given;

/// How often a change may be overtaken by others before its caller is told to come again.
const ATTEMPTS_MAX: usize = 32;

/// Takes money, and gives it back.
#[derive(Clone)]
pub struct Cashier {
    payments: Payments,
    provider: Arc<dyn Provider>,
    turns: Arc<Turns>,
}

impl Cashier {
    /// A cashier for these payments, who asks this provider.
    pub fn new(payments: Payments, provider: Arc<dyn Provider>) -> Self {
        Self { payments, provider, turns: Arc::default() }
    }

    /// The payments.
    pub const fn payments(&self) -> &Payments {
        &self.payments
    }

    /// Enters the step that `decide` wants for the payment as it is then, if any; the account after that.
    async fn change<D>(&self, id: Id<Payment>, decide: D) -> Result<Account, PaymentError>
    where
        D: Fn(&Account) -> Result<Option<Step>, PaymentError>,
    {
        // Only against needless attempts; what makes a change safe is the version that it is written for.
        let _turn = self.turns.wait(id).await;
        for _ in 0..ATTEMPTS_MAX {
            let account = self.payments.account(id).await?;
            let Some(step) = decide(&account)? else { return Ok(account) };
            if let Some(next) = self.payments.save(&account, &step).await? {
                return Ok(next);
            }
        }
        Err(PaymentError::Busy)
    }
}

impl From<Unclear> for PaymentError {
    fn from(unclear: Unclear) -> Self {
        Self::Unclear(unclear.into())
    }
}
