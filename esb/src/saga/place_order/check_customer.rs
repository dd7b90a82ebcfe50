//! Makes sure that there is somebody to order.

use contracts::{CustomerStatus, Problem};
use reqwest::Method;
use serde::Deserialize;

use super::Placing;
use super::answers::{ask, read};
use crate::endpoint::services::{Question, Services};
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
        let path = format!("/customers/{}", input.request.customer_id);
        let question = Question::<()> { method: &Method::GET, service: "customer-service", path: &path, body: None };
        let answer = ask(&self.0, question).await.map_err(in_our_words)?;
        match read::<Found>(&answer)?.status {
            CustomerStatus::Active => Ok(()),
            CustomerStatus::Erased => Err(StepError::refused(no_such_customer())),
        }
    }
}

impl Undo<Placing> for CheckCustomer {
    async fn undo(&self, _: &Placing, _: &Journal) -> Result<(), StepError> {
        Ok(())
    }
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
