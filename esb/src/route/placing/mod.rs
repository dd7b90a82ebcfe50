//! `POST /orders`: an order is placed by a saga. The caller waits for it, for a while.

mod outcome;

use std::time::Duration;

use ::http::header::{HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use chassis::http::read_json;
use chassis::{Context, Failure, Kind};
use contracts::{Id, Order, PlaceOrder, Placement, PlacementState, Problem};

use super::pipeline::Passage;
use crate::endpoint::message::Answer;
use crate::policy::{IdempotencyKey, REPLAYED, in_progress, mismatch};
use crate::saga::place_order::{NAME, Placing, mistakes, no_such_customer};
use crate::saga::{Begun, NewSaga, PlaceError, Record, Settled};

pub(super) use self::outcome::tell;

const WAIT_DEFAULT: Duration = Duration::from_secs(10);
const WAIT_MAX: Duration = Duration::from_secs(30);
const SCOPE: &str = "orders:place";

/// What `Prefer` asks for (RFC 7240).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Patience {
    wait: Duration,
    applied: Option<String>,
}

/// Begins the saga, or finds it begun, and answers when it has settled or the caller has waited long enough.
pub(super) async fn place(mut passage: Passage<'_>) -> Result<Answer, Failure> {
    let patience = Patience::of(&passage);
    let key = passage.key().transpose()?;
    let body = std::mem::take(&mut passage.request.body).gather().await?;
    let request: PlaceOrder = read_json(&body)?;
    let errors = mistakes(&request);
    if !errors.is_empty() {
        return Err(Failure::invalid(errors));
    }
    passage.check_owner(&request)?;
    let placing = Placing::new(request, passage.actor());
    let new = new_saga(&placing, key.as_ref(), passage.digest(&body))?;
    let id = new.id;
    match passage.begin(new).await? {
        Begun::New => {
            // Who does not wait gets one answer only, however quick the saga was.
            let settled = if patience.wait.is_zero() { None } else { passage.bus.sagas.wait(id, patience.wait).await };
            patience.answer(placing.order_id, settled)
        }
        Begun::Existing(record) => again(&record),
        Begun::Mismatch => Err(mismatch()),
    }
}

fn new_saga(placing: &Placing, key: Option<&IdempotencyKey>, digest: [u8; 32]) -> Result<NewSaga, Failure> {
    let new = NewSaga::new(NAME, placing.order_id.uuid(), placing);
    let new = new.map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
    let new = new.from_caller(&placing.placed_by);
    Ok(match key {
        Some(key) => new.with_key(key.as_str(), digest),
        None => new,
    })
}

impl Passage<'_> {
    /// Customers order for themselves; who is another, and whether there is one, is none of their business.
    fn check_owner(&self, request: &PlaceOrder) -> Result<(), Failure> {
        let may = self.caller.as_ref().is_some_and(|caller| {
            caller.is_operator() || caller.has_scope(SCOPE) || caller.is_customer(request.customer_id)
        });
        if may { Ok(()) } else { Err(Failure::new(Kind::Missing, "customer-not-found", no_such_customer().detail)) }
    }

    /// On the process's own runtime: a server's threads end while sagas still run.
    async fn begin(&self, new: NewSaga) -> Result<Begun, Failure> {
        let sagas = self.bus.sagas.clone();
        let placed = self.bus.runtime.spawn(async move { sagas.place(new).await }).await;
        placed.map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?.map_err(|error| refused(&error))
    }
}

fn refused(error: &PlaceError) -> Failure {
    let wait = Duration::from_secs(1);
    match error {
        PlaceError::Busy => {
            let detail = "too many orders are being placed right now: try again in a moment";
            Failure::new(Kind::Unavailable, "busy", detail).retry_after(wait)
        }
        PlaceError::Log(_) => Failure::internal(Kind::Unavailable, "unavailable", error).retry_after(wait),
        PlaceError::UnknownPlan(_) | PlaceError::Input(_) => Failure::internal(Kind::Bug, "internal", error),
    }
}

/// The same request under the same key: what became of the first.
fn again(record: &Record) -> Result<Answer, Failure> {
    let order_id = Id::from_uuid(record.subject);
    let Some(Settled::Completed(_) | Settled::Compensated(_)) = record.settled() else { return Err(in_progress()) };
    let answer = Patience::none().answer(order_id, record.settled())?;
    Ok(answer.with(REPLAYED, HeaderValue::from_static("true")))
}

impl Patience {
    fn of(passage: &Passage<'_>) -> Self {
        let lines = passage.request.headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
        Self::parse(lines.flat_map(|line| line.split(',')).map(str::trim))
    }

    fn parse<'a>(preferences: impl Iterator<Item = &'a str>) -> Self {
        let (mut wait, mut at_once) = (None, false);
        for preference in preferences.map(str::to_ascii_lowercase) {
            // `wait=5`, `wait="5"`, and either with parameters behind it.
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            at_once |= name == "respond-async";
            let seconds = Some(value).filter(|_| name == "wait").and_then(|seconds| seconds.parse().ok());
            wait = wait.or(seconds.map(|seconds| Duration::from_secs(seconds).min(WAIT_MAX)));
        }
        match (wait, at_once) {
            (Some(wait), _) => Self { wait, applied: Some(format!("wait={}", wait.as_secs())) },
            (None, true) => Self { wait: Duration::ZERO, applied: Some("respond-async".to_owned()) },
            (None, false) => Self { wait: WAIT_DEFAULT, applied: None },
        }
    }

    const fn none() -> Self {
        Self { wait: Duration::ZERO, applied: None }
    }

    fn answer(&self, order_id: Id<Order>, settled: Option<Settled>) -> Result<Answer, Failure> {
        let state = match settled {
            Some(Settled::Completed(document)) => {
                let created = Answer::document(201, "application/json", document.get().to_owned());
                return Ok(self.applied_to(created.with_text(LOCATION, &format!("/orders/{order_id}"))));
            }
            Some(Settled::Compensated(problem)) => return self.problem(*problem),
            Some(Settled::Stuck(_)) => PlacementState::Stuck,
            None => PlacementState::Running,
        };
        let placement = Placement { order_id, state, order: None, payment: None, problem: None };
        let accepted = Answer::json(202, &placement)?.with(RETRY_AFTER, HeaderValue::from_static("1"));
        Ok(self.applied_to(accepted.with_text(LOCATION, &format!("/orders/{order_id}/placement"))))
    }

    fn problem(&self, problem: Problem) -> Result<Answer, Failure> {
        let status = if (400..600).contains(&problem.status) { problem.status } else { 409 };
        // A repetition is told what the first was told.
        let instance = Some(problem.instance).filter(|id| !id.is_empty()).unwrap_or_else(Context::current_request_id);
        let problem = Problem { instance, ..problem };
        let body = serde_json::to_vec(&problem);
        let body = body.map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
        Ok(self.applied_to(Answer::document(status, "application/problem+json", body)))
    }

    fn applied_to(&self, answer: Answer) -> Answer {
        match &self.applied {
            Some(applied) => answer.with_text(HeaderName::from_static("preference-applied"), applied),
            None => answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_wait_as_long_as_they_prefer_within_reason() {
        let wait = |header: &str| Patience::parse(header.split(',').map(str::trim)).wait.as_secs();
        let headers = ["", "wait=3", "wait=300", "respond-async", "Respond-Async, Wait=5", "wait=x", "return=minimal"];
        assert_eq!(headers.map(wait), [10, 3, 30, 0, 5, 10, 10]);
        let headers = ["wait=\"5\"", "wait = 5; x=1", "respond-async; x", "return=minimal, wait=\"7\"", "wait=\"\""];
        assert_eq!(headers.map(wait), [5, 5, 0, 7, 10]);
    }
}
