//! A saga with all that is known of it.

use chrono::{DateTime, Utc};
use contracts::{Id, Saga, SagaState, StepRecord, StepState};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::messages::without_secrets;
use crate::saga::{Engine, Record, Remark};

/// A saga, with what went in and what came out. Passwords and tokens are never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SagaDetail {
    /// Its own id.
    id: Id<Saga>,
    /// The plan it follows, such as `place-order`.
    name: String,
    /// How far it has come.
    state: SagaState,
    /// What it is about: for `place-order` the order's id.
    subject: Uuid,
    /// The step it stands at.
    step: String,
    /// How often that step was tried.
    attempts: u32,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last try did not succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// Every step of the plan, in order.
    steps: Vec<StepDetail>,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// From when on it turns back, if it is not past its point of no return by then.
    deadline_at: DateTime<Utc>,
    /// What its steps need to know.
    #[schema(value_type = Object)]
    input: Value,
    /// What its caller was answered, a document or a problem, once it has settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    outcome: Option<Value>,
    /// The trace of the request that began it.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    /// The request that began it.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// Who asked for it, such as `customer:<id>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<String>,
    /// What operators did to it, the oldest first.
    interventions: Vec<Intervention>,
}

/// A step of a saga, with what goes in and what came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct StepDetail {
    /// As in the plan.
    name: String,
    /// How far it has come.
    state: StepState,
    /// How often it was tried, in the direction it last went.
    attempts: u32,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
    /// Why the last try did not succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What it asks of a service: method, service, path and body. A request that needs what another step left is known
    /// only while that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    input: Option<Value>,
    /// What it left for the steps after it; forgotten once the saga has settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    output: Option<Value>,
}

/// What an operator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Intervention {
    /// When.
    at: DateTime<Utc>,
    /// Who, such as `operator:<id>`.
    actor: String,
    /// `retried` or `cancelled`.
    action: String,
    /// Why, in their own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl SagaDetail {
    /// The saga as it is kept, and what its steps ask for.
    pub(super) fn new(record: &Record, sagas: &Engine) -> Self {
        let Saga {
            id,
            name,
            state,
            subject,
            step,
            attempts,
            next_attempt_at,
            last_error,
            steps,
            created_at,
            updated_at,
        } = Saga::from(record);
        let (request_id, traceparent) = record.origin.context.as_deref().and_then(|text| text.split_once(' ')).unzip();
        let trace_id = traceparent.and_then(|text| text.split('-').nth(1)).map(str::to_owned);
        Self {
            id,
            name,
            state,
            subject,
            step,
            attempts,
            next_attempt_at,
            last_error,
            steps: StepDetail::all(steps, record, sagas),
            created_at,
            updated_at,
            deadline_at: record.deadline_at,
            input: without_secrets(&record.input),
            outcome: record.outcome.as_deref().map(without_secrets),
            trace_id,
            request_id: request_id.map(str::to_owned),
            caller: Some(record.origin.caller.clone()).filter(|caller| !caller.is_empty()),
            interventions: record.journal.remarks().iter().map(Intervention::from).collect(),
        }
    }
}

impl StepDetail {
    fn all(steps: Vec<StepRecord>, record: &Record, sagas: &Engine) -> Vec<Self> {
        let requests = sagas.requests(record);
        let request = |step: &StepRecord| requests.iter().find(|(name, _)| *name == step.name);
        let told = |(place, step): (usize, StepRecord)| {
            let input = request(&step).map(|(_, request)| without_secrets(request));
            let output = record.journal.output(place).map(without_secrets);
            let StepRecord { name, state, attempts, at, error } = step;
            Self { name, state, attempts, at, error, input, output }
        };
        steps.into_iter().enumerate().map(told).collect()
    }
}

impl From<&Remark> for Intervention {
    fn from(remark: &Remark) -> Self {
        let Remark { at, by, what, reason } = remark.clone();
        Self { at, actor: by, action: what, reason }
    }
}
