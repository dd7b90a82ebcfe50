//! A saga as it is kept, and what it tells callers and operators.

use std::fmt;

use chassis::Context;
use chrono::{DateTime, Utc};
use contracts::{Problem, Saga, SagaState};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::Origin;
use crate::saga::Journal;

/// A saga as it is kept.
#[derive(Clone)]
pub struct Record {
    /// Its id.
    pub id: Uuid,
    /// The plan's name.
    pub name: String,
    /// What it is about.
    pub subject: Uuid,
    /// How far it has come.
    pub state: SagaState,
    /// The step it stands at.
    pub step: String,
    /// How often that was tried.
    pub attempts: u32,
    /// What its steps need to know.
    pub input: Box<RawValue>,
    /// What it has done so far.
    pub journal: Journal,
    /// Not to be worked on before.
    pub due_at: DateTime<Utc>,
    /// From here on it turns back, if it is still before its pivot.
    pub deadline_at: DateTime<Utc>,
    /// Why the last try did not succeed.
    pub last_error: Option<String>,
    /// The caller's answer.
    pub outcome: Option<Box<RawValue>>,
    /// Who asked for it.
    pub origin: Origin,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// How a saga ended.
#[derive(Debug, Clone)]
pub enum Settled {
    /// All steps are done; this is the answer.
    Completed(Box<RawValue>),
    /// Nothing is kept; this is why.
    Compensated(Box<Problem>),
    /// A person must look; this is what they see.
    Stuck(String),
}

impl Settled {
    /// All steps are done; without their receipts there is no answer to give, and an empty one would be a lie.
    pub(crate) fn completed(answer: Option<Box<RawValue>>) -> Self {
        answer.map_or_else(
            || Self::Stuck("all is done, but the saga's log has lost the answer".to_owned()),
            Self::Completed,
        )
    }

    /// The state, as metrics and traces call it.
    pub(crate) const fn state(&self) -> &'static str {
        match self {
            Self::Completed(_) => "completed",
            Self::Compensated(_) => "compensated",
            Self::Stuck(_) => "stuck",
        }
    }
}

// Without the input, which may hold a token.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Record");
        shown.field("id", &self.id).field("name", &self.name).field("state", &self.state);
        shown.field("step", &self.step).finish_non_exhaustive()
    }
}

impl Record {
    /// How it ended, if it has.
    pub fn settled(&self) -> Option<Settled> {
        let stuck = |why: Option<&str>| Settled::Stuck(why.unwrap_or("the saga's log does not say why").to_owned());
        match self.state {
            SagaState::Running | SagaState::Compensating => None,
            SagaState::Completed => Some(Settled::completed(self.outcome.clone())),
            SagaState::Compensated => Some(Settled::Compensated(Box::new(self.refusal()))),
            SagaState::Stuck => Some(stuck(self.last_error.as_deref())),
        }
    }

    /// Why nothing is kept, as whoever asked for it was told under the id of that request.
    fn refusal(&self) -> Problem {
        Problem { instance: self.request_id(), ..self.told() }
    }

    fn request_id(&self) -> String {
        let context = self.origin.context.as_deref().and_then(|context| context.split_once(' '));
        context.map_or_else(Context::current_request_id, |(request_id, _)| request_id.to_owned())
    }

    fn told(&self) -> Problem {
        let told = self.outcome.as_ref().and_then(|outcome| serde_json::from_str(outcome.get()).ok());
        told.or_else(|| self.journal.cause().cloned())
            .unwrap_or_else(|| Problem::new("saga-undone", 409, "Taken back", "all that was done is taken back"))
    }
}

impl From<&Record> for Saga {
    fn from(record: &Record) -> Self {
        let live = matches!(record.state, SagaState::Running | SagaState::Compensating);
        let waiting = live && record.due_at > record.updated_at;
        Self {
            id: contracts::Id::from_uuid(record.id),
            name: record.name.clone(),
            state: record.state,
            subject: record.subject,
            step: record.step.clone(),
            attempts: record.attempts,
            next_attempt_at: waiting.then_some(record.due_at),
            last_error: record.last_error.clone(),
            steps: record.journal.records(),
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}
