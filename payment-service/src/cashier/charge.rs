//! Takes the money.

use crate::domain::{Account, Asked, Charged, PaymentError};
use crate::provider::Charge;
use crate::store::Found;

use super::Cashier;

/// A payment whose money was taken.
#[derive(Debug)]
pub enum Taken {
    /// By this request.
    Now(Account),
    /// Before.
    Before(Account),
}

impl Cashier {
    /// Takes the money, once however often it is asked for. The payment is in the store before the provider hears of
    /// it, so that nothing can be charged that nobody knows of.
    pub async fn charge(&self, asked: &Asked, by: &str) -> Result<Taken, PaymentError> {
        let account = match self.open(asked, by).await? {
            Opened::Open(account) => account,
            Opened::Settled(account) => return Ok(Taken::Before(account)),
        };
        let charge = Charge { id: account.id, amount: account.amount, token: account.token.clone() };
        let verdict = self.provider.charge(&charge).await?;
        let account = self.enter(account, &verdict).await?;
        if account.standing.void.is_some() {
            return Err(self.hand_back(account).await);
        }
        account.outcome().unwrap_or(Ok(()))?;
        Ok(Taken::Now(account))
    }

    /// A void came in between: the money goes back, by whoever gets there first.
    async fn hand_back(&self, account: Account) -> PaymentError {
        let id = account.id;
        if let Err(error) = self.settle(account).await {
            let cause = chassis::fault::chain(&error);
            tracing::warn!(payment.id = %id, error = cause, "the charge of voided payment {id} is not back yet");
        }
        PaymentError::Voided
    }

    async fn open(&self, asked: &Asked, by: &str) -> Result<Opened, PaymentError> {
        let account = asked.open(by, self.payments.now())?;
        if self.payments.insert(&account).await? {
            return Ok(Opened::Open(account));
        }
        let account = match self.payments.find(asked.id()).await? {
            Found::Account(account) => *account,
            Found::Tombstone => return Err(PaymentError::Voided),
            Found::Nothing => return Err(PaymentError::Busy),
        };
        if !asked.is_same(&account) {
            return Err(PaymentError::Exists);
        }
        match account.outcome() {
            None => Ok(Opened::Open(account)),
            Some(outcome) => outcome.map(|()| Opened::Settled(account)),
        }
    }

    /// Enters the provider's answer: mostly the account is still as we know it, which saves reading it again.
    async fn enter(&self, account: Account, verdict: &Charged) -> Result<Account, PaymentError> {
        let Some(step) = account.charged(verdict, self.payments.now()) else { return Ok(account) };
        if let Some(next) = self.payments.save(&account, &step).await? {
            return Ok(next);
        }
        self.change(account.id, |account| Ok(account.charged(verdict, self.payments.now()))).await
    }
}

enum Opened {
    /// The provider is to be asked.
    Open(Account),
    /// There is nothing left to do.
    Settled(Account),
}
