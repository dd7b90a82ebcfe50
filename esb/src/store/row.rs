//! A row of `sagas`, and how it becomes a record.

use std::io::Write as _;

use chrono::{DateTime, Utc};
use contracts::SagaState;
use diesel::QueryableByName;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Binary, Integer, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::saga::{LogError, Origin, Record};

/// A document as it was written, not parsed on the way.
#[derive(Debug, Clone, AsExpression, FromSqlRow)]
#[diesel(sql_type = Json)]
pub(super) struct Document(pub(super) Box<RawValue>);

impl FromSql<Json, Pg> for Document {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let text = String::from_utf8(value.as_bytes().to_vec())?;
        Ok(Self(RawValue::from_string(text)?))
    }
}

impl ToSql<Json, Pg> for Document {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.get().as_bytes())?;
        Ok(IsNull::No)
    }
}

#[derive(Debug, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = SqlUuid)]
    subject: Uuid,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    step: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Json)]
    input: Document,
    #[diesel(sql_type = Json)]
    journal: Document,
    #[diesel(sql_type = Timestamptz)]
    next_attempt_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    deadline_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    last_error: Option<String>,
    #[diesel(sql_type = Nullable<Json>)]
    outcome: Option<Document>,
    #[diesel(sql_type = Text)]
    caller: String,
    #[diesel(sql_type = Nullable<Text>)]
    idempotency_key: Option<String>,
    #[diesel(sql_type = Binary)]
    request_digest: Vec<u8>,
    #[diesel(sql_type = Nullable<Text>)]
    context: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
}

impl Row {
    pub(super) fn read(self) -> Result<Record, LogError> {
        let id = self.id;
        let unreadable = |reason: String| LogError::Unreadable { id, reason };
        let state = parse_state(&self.state).ok_or_else(|| unreadable(format!("unknown state `{}`", self.state)))?;
        let journal = serde_json::from_str(self.journal.0.get()).map_err(|error| unreadable(error.to_string()))?;
        let attempts = u32::try_from(self.attempts).map_err(|error| unreadable(error.to_string()))?;
        let (caller, key, digest, context) = (self.caller, self.idempotency_key, self.request_digest, self.context);
        Ok(Record {
            id,
            name: self.name,
            subject: self.subject,
            state,
            step: self.step,
            attempts,
            input: self.input.0,
            journal,
            due_at: self.next_attempt_at,
            deadline_at: self.deadline_at,
            last_error: self.last_error,
            outcome: self.outcome.map(|document| document.0),
            origin: Origin { caller, key, digest, context },
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

pub(super) const fn state_text(state: SagaState) -> &'static str {
    match state {
        SagaState::Running => "running",
        SagaState::Completed => "completed",
        SagaState::Compensating => "compensating",
        SagaState::Compensated => "compensated",
        SagaState::Stuck => "stuck",
    }
}

pub(super) fn parse_state(text: &str) -> Option<SagaState> {
    SagaState::ALL.into_iter().find(|state| state_text(*state) == text)
}
