//! Gives money back.

use contracts::{Id, Order, Payment, Refund};
use uuid::Uuid;

use crate::domain::{Account, PaymentError, Reason, RefundRequest};
use crate::store::Filter;

use super::Cashier;

/// How many payments of one order are looked at; there is one, mostly.
const PAYMENTS_MAX: u32 = 100;

/// A refund that was asked for.
#[derive(Debug)]
pub enum Given {
    /// By this request.
    Now(Refund),
    /// Before, under the same key.
    Before(Refund),
}

impl Cashier {
    /// Gives money back, or at least reserves it: an unclear answer leaves the refund pending, and the provider is
    /// asked again in the background.
    pub async fn refund(&self, id: Id<Payment>, request: &RefundRequest) -> Result<Given, PaymentError> {
        let account = self.change(id, |account| account.refund_asked(request, self.payments.now())).await?;
        let refund = account.refund_before(request)?.unwrap_or_else(|| request.id.uuid());
        let account = self.try_to_settle(account, refund).await?;
        let ours = refund == request.id.uuid();
        let refund = account.refund(refund).ok_or(PaymentError::Missing)?;
        Ok(if ours { Given::Now(refund) } else { Given::Before(refund) })
    }

    /// Gives back all that is left of what was taken for an order, once for each event that says so.
    pub async fn refund_order(
        &self,
        order_id: Id<Order>,
        reason: &Reason,
        event_id: Uuid,
    ) -> Result<Vec<Refund>, PaymentError> {
        let of_order = Filter { order_id: Some(order_id), ..Filter::default() };
        let mut refunds = Vec::new();
        for payment in self.payments.list(of_order, PAYMENTS_MAX).await? {
            let by = "event".to_owned();
            let request = RefundRequest { id: Id::mint(), amount: None, reason: reason.clone(), by, key: None };
            match self.refund(payment.id, &request.once(&event_id.to_string())).await {
                Ok(Given::Now(refund) | Given::Before(refund)) => refunds.push(refund),
                // There is no money of this one, or no longer.
                Err(PaymentError::NotCaptured(_) | PaymentError::Exceeds { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(refunds)
    }

    /// Whether the provider's answer is clear or not: the amount is reserved, so there is a refund to tell of.
    async fn try_to_settle(&self, account: Account, refund: Uuid) -> Result<Account, PaymentError> {
        if !account.standing.open.iter().any(|open| open.id == refund) {
            return Ok(account);
        }
        let id = account.id;
        match self.settle_refund(account, refund).await {
            Err(error @ (PaymentError::Unclear(_) | PaymentError::Unavailable(_) | PaymentError::Busy)) => {
                tracing::warn!(payment.id = %id, refund.id = %refund, error = chassis::fault::chain(&error),
                    "refund {refund} of payment {id} is not clear yet");
                self.payments.account(id).await
            }
            settled => settled,
        }
    }
}
