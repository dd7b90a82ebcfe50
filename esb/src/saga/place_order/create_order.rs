//! Records the order, at the prices of the moment, with its stock reserved; cancels it when the saga turns back.

use contracts::{CancelOrder, Money, NewOrder, OrderStatus, Problem};
use reqwest::Method;
use serde::Deserialize;

use super::Placing;
use super::answers::{ask, read};
use crate::endpoint::services::{Question, Services};
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
        let request = &input.request;
        let order = NewOrder {
            customer_id: request.customer_id,
            items: request.items.clone(),
            shipping_address: request.shipping_address.clone(),
            expected_total: request.expected_total,
            placed_by: input.placed_by.clone(),
        };
        let path = format!("/orders/{}", input.order_id);
        let question = Question { method: &Method::PUT, service: SERVICE, path: &path, body: Some(&order) };
        let created: Created = read(&ask(&self.0, question).await?)?;
        // Somebody was faster, between our first try and this one.
        if created.status == OrderStatus::Cancelled {
            return Err(StepError::refused(cancelled_meanwhile()));
        }
        Ok(created.total)
    }
}

impl Undo<Placing> for CreateOrder {
    async fn undo(&self, input: &Placing, journal: &Journal) -> Result<(), StepError> {
        let path = format!("/orders/{}/cancel", input.order_id);
        let body = CancelOrder { reason: Some(reason(journal)) };
        let question = Question { method: &Method::POST, service: SERVICE, path: &path, body: Some(&body) };
        ask(&self.0, question).await.map(drop)
    }
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
