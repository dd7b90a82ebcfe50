//! Takes the money, once; gives it back, or makes sure that it is never taken, when the saga turns back.

use contracts::{NewPayment, Payment, PaymentStatus, VoidPayment};
use reqwest::Method;
use serde_json::value::RawValue;

use super::Placing;
use super::answers::{ask, read};
use super::create_order::{CreateOrder, reason};
use super::request::Request;
use crate::endpoint::services::Services;
use crate::saga::{Journal, Step, StepError, Undo};

const SERVICE: &str = "payment-service";

/// Asks payment-service.
pub(super) struct TakePayment(pub(super) Services);

impl Step<Placing> for TakePayment {
    type Receipt = Payment;
    const NAME: &'static str = "take-payment";

    async fn run(&self, input: &Placing, journal: &Journal) -> Result<Payment, StepError> {
        let request = request(input, journal);
        let request = request.ok_or_else(|| StepError::unclear("the order's total is not in the journal"))?;
        let taken: Payment = read(&ask(&self.0, &request).await?)?;
        match taken.status {
            PaymentStatus::Captured | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded => Ok(taken),
            // A success that is none: asked again, until it says one thing.
            other => Err(StepError::unclear(format!("{SERVICE} took a payment that is {other}"))),
        }
    }

    fn request(&self, input: &Placing, journal: &Journal) -> Option<Box<RawValue>> {
        request(input, journal)?.told()
    }
}

impl Undo<Placing> for TakePayment {
    async fn undo(&self, input: &Placing, journal: &Journal) -> Result<(), StepError> {
        let path = format!("/payments/{}/void", input.payment_id);
        let body = VoidPayment { reason: reason(journal) };
        ask(&self.0, &Request { method: Method::POST, service: SERVICE, path, body: Some(body) }).await.map(drop)
    }
}

/// Only as long as the order's total is known.
fn request(input: &Placing, journal: &Journal) -> Option<Request<NewPayment>> {
    let payment = NewPayment {
        order_id: input.order_id,
        customer_id: input.request.customer_id,
        amount: journal.receipt::<_, CreateOrder>()?,
        method: input.request.payment.method,
        token: input.request.payment.token.clone(),
    };
    let path = format!("/payments/{}", input.payment_id);
    Some(Request { method: Method::PUT, service: SERVICE, path, body: Some(payment) })
}
