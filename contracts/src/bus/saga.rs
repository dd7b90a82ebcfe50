//! What an operator sees of a saga.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Id;

/// A piece of work across services that ends as a whole or is taken back as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Saga {
    /// Its own id.
    pub id: Id<Saga>,
    /// The plan it follows, such as `place-order`.
    pub name: String,
    /// How far it has come.
    pub state: SagaState,
    /// What it is about: for `place-order` the order's id.
    pub subject: Uuid,
    /// The step it stands at.
    pub step: String,
    /// How often that step was tried.
    pub attempts: u32,
    /// When it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last try did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// Every step of the plan, in order.
    pub steps: Vec<StepRecord>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// How far a saga has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SagaState {
    /// On its way.
    Running,
    /// All steps are done.
    Completed,
    /// Turned back; steps are being undone.
    Compensating,
    /// All that was done is undone.
    Compensated,
    /// The retries are used up; an operator must look.
    Stuck,
}

impl SagaState {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Running, Self::Completed, Self::Compensating, Self::Compensated, Self::Stuck];
}

/// A step of a saga.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepRecord {
    /// As in the plan.
    pub name: String,
    /// How far it has come.
    pub state: StepState,
    /// How often it was tried, in the direction it last went.
    pub attempts: u32,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Why the last try did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not begun.
    Waiting,
    /// Being tried.
    Running,
    /// Done.
    Done,
    /// Refused by its service.
    Refused,
    /// Being taken back.
    Undoing,
    /// Taken back.
    Undone,
}
