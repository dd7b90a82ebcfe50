//! What a service's answer means to a saga: done, a clear no, or nothing that helps.

use chassis::Answer;
use contracts::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::request::Request;
use crate::endpoint::services::Services;
use crate::saga::StepError;

/// The answers that are about the business. 401, 403 and 429 are about us, 5xx about nothing.
const BUSINESS: [u16; 5] = [402, 404, 409, 410, 422];

/// The answer to the request, unless it is a clear no (a problem with a status of the business), or not clear at all.
pub(super) async fn ask<B: Serialize>(services: &Services, request: &Request<B>) -> Result<Answer, StepError> {
    let answer = services.ask(&request.question()).await.map_err(StepError::unclear)?;
    if answer.status.is_success() {
        return Ok(answer);
    }
    let status = answer.status.as_u16();
    let problem = answer.problem().filter(|problem| problem.status == status);
    match problem {
        Some(problem) if BUSINESS.contains(&status) => Err(StepError::refused(told(problem))),
        Some(problem) => Err(unclear(request.service, &format!("{status} {}", problem.name()))),
        None => Err(unclear(request.service, &status.to_string())),
    }
}

/// The document in an answer; what can't be read is not clear.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, StepError> {
    answer.json().map_err(|error| StepError::unclear(format!("the answer can't be read: {error}")))
}

fn unclear(service: &str, answered: &str) -> StepError {
    StepError::unclear(format!("{service} answered {answered}"))
}

/// Which of our requests met the problem is nothing to the caller.
fn told(problem: Problem) -> Problem {
    Problem { instance: String::new(), ..problem }
}
