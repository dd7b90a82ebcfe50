//! Confirms the order: the point of no return. From here on it is paid and on its way.

use contracts::{ConfirmOrder as Confirmation, Order};
use reqwest::Method;

use super::Placing;
use super::answers::{ask, read};
use crate::endpoint::services::{Question, Services};
use crate::saga::{Journal, Step, StepError};

/// Asks order-service.
pub(super) struct ConfirmOrder(pub(super) Services);

impl Step<Placing> for ConfirmOrder {
    type Receipt = Order;
    const NAME: &'static str = "confirm-order";

    async fn run(&self, input: &Placing, _: &Journal) -> Result<Order, StepError> {
        let path = format!("/orders/{}/confirm", input.order_id);
        let body = Confirmation { payment_id: input.payment_id };
        let question = Question { method: &Method::POST, service: "order-service", path: &path, body: Some(&body) };
        read(&ask(&self.0, question).await?)
    }
}
