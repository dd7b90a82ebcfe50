//! Confirms the order: the point of no return. From here on it is paid and on its way.

use contracts::{ConfirmOrder as Confirmation, Order};
use reqwest::Method;
use serde_json::value::RawValue;

use super::Placing;
use super::answers::{ask, read};
use super::request::Request;
use crate::endpoint::services::Services;
use crate::saga::{Journal, Step, StepError};

/// Asks order-service.
pub(super) struct ConfirmOrder(pub(super) Services);

impl Step<Placing> for ConfirmOrder {
    type Receipt = Order;
    const NAME: &'static str = "confirm-order";

    async fn run(&self, input: &Placing, _: &Journal) -> Result<Order, StepError> {
        read(&ask(&self.0, &request(input)).await?)
    }

    fn request(&self, input: &Placing, _: &Journal) -> Option<Box<RawValue>> {
        request(input).told()
    }
}

fn request(input: &Placing) -> Request<Confirmation> {
    let path = format!("/orders/{}/confirm", input.order_id);
    let body = Some(Confirmation { payment_id: input.payment_id });
    Request { method: Method::POST, service: "order-service", path, body }
}
