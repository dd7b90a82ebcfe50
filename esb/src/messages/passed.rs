//! A message that has passed, and what of it may be kept.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::load::{Content, Load};

/// The longest text that is kept of what a caller may choose.
const TEXT_MAX: usize = 512;
/// What a message costs beside its texts.
const OVERHEAD: usize = 512;

/// A message that has passed, as whoever passed it on knows it.
#[derive(Debug, Clone)]
pub struct Passed {
    /// When it came.
    pub at: DateTime<Utc>,
    /// The route that took it.
    pub route: String,
    /// By which it came.
    pub door: Door,
    /// Method and path, or the routing key.
    pub operation: String,
    /// What HTTP said, or would have said.
    pub status: Option<u16>,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took.
    pub elapsed: Duration,
    /// The id of the request.
    pub request_id: String,
    /// The trace it belongs to.
    pub trace_id: String,
    /// Such as `customer:<id>`.
    pub caller: Option<String>,
    /// What came.
    pub request: Load,
    /// What went back.
    pub answer: Load,
}

/// By which door a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// A request.
    Http,
    /// A message of the broker.
    Amqp,
    /// A SOAP envelope.
    Soap,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// The answer is no, or not like this.
    Refused,
    /// It came to nothing, and not by the caller's fault.
    Failed,
    /// It is tried again later.
    Retried,
    /// It lies with the dead letters.
    DeadLettered,
}

/// A message that has passed the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageSummary {
    /// Its own id.
    pub id: Id<Message>,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The route that took it.
    pub route: String,
    /// By which it came.
    pub door: Door,
    /// Method and path, or the routing key.
    pub operation: String,
    /// What HTTP said, or would have said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// How long its body is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_bytes: Option<u64>,
    /// How long the answer's body is; absent where it streams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_bytes: Option<u64>,
    /// The id of the request.
    pub request_id: String,
    /// The trace it belongs to.
    pub trace_id: String,
    /// Such as `customer:<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
}

/// A message that has passed the bus, with its bodies as far as they are kept. Passwords and tokens never are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// All but its bodies.
    #[serde(flatten)]
    pub summary: MessageSummary,
    /// What came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Content>,
    /// What went back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Content>,
}

impl Outcome {
    /// Of an answer with this status.
    pub const fn of_status(status: u16) -> Self {
        match status {
            0..400 => Self::Done,
            400..500 => Self::Refused,
            _ => Self::Failed,
        }
    }
}

impl Passed {
    /// Without anything that is too long to be kept.
    pub(super) fn within(mut self, body_max: usize) -> Self {
        for text in [&mut self.route, &mut self.operation, &mut self.request_id, &mut self.trace_id] {
            shorten(text);
        }
        if let Some(caller) = &mut self.caller {
            shorten(caller);
        }
        Self { request: self.request.within(body_max), answer: self.answer.within(body_max), ..self }
    }

    pub(super) fn cost(&self) -> usize {
        let texts = [&self.route, &self.operation, &self.request_id, &self.trace_id].map(String::len);
        let caller = self.caller.as_ref().map_or(0, String::len);
        OVERHEAD + texts.iter().sum::<usize>() + caller + self.request.cost() + self.answer.cost()
    }

    pub(super) fn into_message(self) -> Message {
        let summary = MessageSummary {
            id: Id::mint(),
            at: self.at,
            route: self.route,
            door: self.door,
            operation: self.operation,
            status: self.status,
            outcome: self.outcome,
            elapsed_us: u64::try_from(self.elapsed.as_micros()).unwrap_or(u64::MAX),
            request_bytes: self.request.size,
            answer_bytes: self.answer.size,
            request_id: self.request_id,
            trace_id: self.trace_id,
            caller: self.caller,
        };
        Message { summary, request: self.request.into_content(), answer: self.answer.into_content() }
    }
}

fn shorten(text: &mut String) {
    text.truncate(text.floor_char_boundary(TEXT_MAX));
    text.shrink_to_fit();
}
