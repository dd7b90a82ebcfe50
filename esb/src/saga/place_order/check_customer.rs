//! Makes sure that there is somebody to order.

use contracts::{CustomerStatus, Problem};
use reqwest::Method;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Placing;
use super::answers::{ask, read};
use super::request::Request;
use crate::endpoint::services::Services;
use crate::saga::{Journal, Step, StepError, Undo};

/// Asks customer-service.
pub(super) struct CheckCustomer(pub(super) Services);

#[derive(Deserialize)]
struct Found {
    status: CustomerStatus,
}

impl Step<Placing> for CheckCustomer {
    type Receipt = ();
    const NAME: &'static str = "check-customer";

    async fn run(&self, input: &Placing, _: &Journal) -> Result<(), StepError> {
        let answer = ask(&self.0, &request(input)).await.map_err(in_our_words)?;
        match read::<Found>(&answer)?.status {
            CustomerStatus::Active => Ok(()),
            CustomerStatus::Erased => Err(StepError::refused(no_such_customer())),
        }
    }

    fn request(&self, input: &Placing, _: &Journal) -> Option<Box<RawValue>> {
        request(input).told()
    }
}

impl Undo<Placing> for CheckCustomer {
    async fn undo(&self, _: &Placing, _: &Journal) -> Result<(), StepError> {
        Ok(())
    }
}

fn request(input: &Placing) -> Request<()> {
    let path = format!("/customers/{}", input.request.customer_id);
    Request { method: Method::GET, service: "customer-service", path, body: None }
}

fn in_our_words(error: StepError) -> StepError {
    match error {
        StepError::Refused(problem) if problem.status == 404 => StepError::refused(no_such_customer()),
        other => other,
    }
}

/// There is nobody with this id, or nobody whom the caller should know of.
pub(crate) fn no_such_customer() -> Problem {
    Problem::new("customer-not-found", 404, "Customer not found", "there is no customer with this `customer_id`")
}
