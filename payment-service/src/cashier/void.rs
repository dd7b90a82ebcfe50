//! Gives a payment up.

use contracts::{Id, Payment};
use uuid::Uuid;

use crate::domain::{Account, Open, PaymentError, Reason};
use crate::provider::GiveBack;
use crate::store::Found;

use super::Cashier;

/// A refund that the provider declined gives its amount free again, which is then asked back once more.
const ROUNDS: usize = 2;

impl Cashier {
    /// Sees to it that no money stays taken, whatever became of the payment and whatever happens to it at this moment.
    /// `None` where it had not come yet; then its id is taken out of use.
    pub async fn void(&self, id: Id<Payment>, reason: &Reason, by: &str) -> Result<Option<Account>, PaymentError> {
        if self.is_unknown(id, reason, by).await? {
            return Ok(None);
        }
        for _ in 0..ROUNDS {
            let account = self.change(id, |account| Ok(account.void_asked(reason, by, self.payments.now()))).await?;
            let account = self.settle(account).await?;
            if account.is_void_done() {
                return Ok(Some(account));
            }
        }
        Err(PaymentError::RefundDeclined { reason: "the provider keeps the money".to_owned() })
    }

    async fn is_unknown(&self, id: Id<Payment>, reason: &Reason, by: &str) -> Result<bool, PaymentError> {
        let found = match self.payments.find(id).await? {
            Found::Nothing if self.payments.insert_tombstone(id, reason, by).await? => return Ok(true),
            // It came just now.
            Found::Nothing => self.payments.find(id).await?,
            found => found,
        };
        Ok(matches!(found, Found::Tombstone))
    }

    /// Asks the provider for every answer that it owes, and enters it.
    pub(super) async fn settle(&self, account: Account) -> Result<Account, PaymentError> {
        let mut account = if account.is_void_open() { self.close(account).await? } else { account };
        for Open { id, .. } in account.standing.open.clone() {
            account = self.settle_refund(account, id).await?;
        }
        Ok(account)
    }

    /// Asks the provider about one refund, and enters its answer.
    pub(super) async fn settle_refund(&self, account: Account, id: Uuid) -> Result<Account, PaymentError> {
        let Some(refund) = account.refund(id) else { return Ok(account) };
        let give_back = GiveBack { id: refund.id, payment_id: account.id, amount: refund.amount };
        let verdict = self.provider.refund(&give_back).await?;
        self.change(account.id, |account| Ok(account.refund_settled(id, &verdict, self.payments.now()))).await
    }

    /// Closes the charge at the provider, and enters what had become of it.
    async fn close(&self, account: Account) -> Result<Account, PaymentError> {
        let answer = self.provider.cancel(account.id).await?;
        self.change(account.id, |account| Ok(account.cancelled(&answer, self.payments.now()))).await
    }
}
