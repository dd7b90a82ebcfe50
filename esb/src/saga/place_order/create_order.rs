//! Records the order, at the prices of the moment, with its stock reserved; cancels it when the saga turns back.

use contracts::{CancelOrder, Money, NewOrder, OrderStatus, Problem};
use reqwest::Method;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Placing;
use super::answers::{ask, read};
use super::request::Request;
use crate::endpoint::services::Services;
use crate::saga::{Journal, Step, StepError, Undo};

const SERVICE: &str = "order-service";
/// What order-service takes.
const REASON_MAX: usize = 500;

/// Asks order-service.
pub(super) struct CreateOrder(pub(super) Services);

/// As much of an order as the saga needs.
#[derive(Deserialize)]
struct Created {
    status: OrderStatus,
    total: Money,
}

impl Step<Placing> for CreateOrder {
    /// What is to be paid.
    type Receipt = Money;
    const NAME: &'static str = "create-order";

    async fn run(&self, input: &Placing, _: &Journal) -> Result<Money, StepError> {
        let created: Created = read(&ask(&self.0, &request(input)).await?)?;
        // Somebody was faster, between our first try and this one.
        if created.status == OrderStatus::Cancelled {
            return Err(StepError::refused(cancelled_meanwhile()));
        }
        Ok(created.total)
    }

    fn request(&self, input: &Placing, _: &Journal) -> Option<Box<RawValue>> {
        request(input).told()
    }
}

impl Undo<Placing> for CreateOrder {
    async fn undo(&self, input: &Placing, journal: &Journal) -> Result<(), StepError> {
        let path = format!("/orders/{}/cancel", input.order_id);
        let body = CancelOrder { reason: Some(reason(journal)) };
        ask(&self.0, &Request { method: Method::POST, service: SERVICE, path, body: Some(body) }).await.map(drop)
    }
}

fn request(input: &Placing) -> Request<NewOrder> {
    let wanted = &input.request;
    let order = NewOrder {
        customer_id: wanted.customer_id,
        items: wanted.items.clone(),
        shipping_address: wanted.shipping_address.clone(),
        expected_total: wanted.expected_total,
        placed_by: input.placed_by.clone(),
    };
    Request { method: Method::PUT, service: SERVICE, path: format!("/orders/{}", input.order_id), body: Some(order) }
}

/// Why the saga turns back, for the order's history and the payment's log.
pub(super) fn reason(journal: &Journal) -> String {
    let text = match journal.cause() {
        Some(cause) if cause.name() == "payment-declined" => {
            // The provider's reason is what comes last.
            let why = cause.detail.rsplit(": ").next().unwrap_or_default();
            format!("payment declined: {why}")
        }
        Some(cause) => format!("{}: {}", cause.title.to_lowercase(), cause.detail),
        None => "the order could not be placed".to_owned(),
    };
    text.chars().take(REASON_MAX).collect()
}

fn cancelled_meanwhile() -> Problem {
    Problem::new("order-cancelled", 409, "Order cancelled", "the order was cancelled before it was confirmed")
}
