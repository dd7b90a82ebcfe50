//! Dead letters on the wire.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use contracts::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dead_letters::store::{Action, Tally};
use crate::dead_letters::{Letter, LetterState};

/// A message that the bus could do nothing with.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct DeadLetter {
    id: Id<DeadLetter>,
    /// The route that took it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    route: Option<String>,
    /// Where it was published to.
    exchange: String,
    routing_key: String,
    /// The queue that turned it away; a replay goes there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queue: Option<String>,
    /// Such as `unroutable`, `unparsable`, `retries-exhausted`.
    reason: String,
    detail: String,
    attempts: i32,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// AMQP's, without the headers.
    #[schema(value_type = Object)]
    properties: Map<String, Value>,
    #[schema(value_type = Object)]
    headers: Map<String, Value>,
    body: String,
    body_encoding: Encoding,
    /// In lists a long body is cut, and this is true.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    body_cut: bool,
    /// Of the whole body, in bytes.
    size: i64,
    state: LetterState,
    /// The replay that is under way or done; the message has it as `x-replay-id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replayed_as: Option<Uuid>,
    /// The dead letter that this one is a replay of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replay_of: Option<Uuid>,
    /// The dead letters that its replay came back as; only where it is read alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) returned_as: Vec<Uuid>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// How bytes are written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) enum Encoding {
    /// They are text.
    #[serde(rename = "utf-8")]
    Utf8,
    /// They are not.
    #[serde(rename = "base64")]
    Base64,
}

/// What was done with a dead letter or a replay.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct AuditEntry {
    at: DateTime<Utc>,
    /// Such as `operator:01890a5d-…`.
    actor: String,
    /// `edited`, `replayed`, `replay-refused`, `discarded`; of a replay `started`, `paused`, `running`, `stopped`.
    action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What an edit replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old_body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old_body_encoding: Option<Encoding>,
}

/// How many dead letters there are.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Summary {
    /// By state, reason and route, the most frequent first.
    pub(super) groups: Vec<Group>,
}

/// Dead letters that are alike.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Group {
    state: LetterState,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    route: Option<String>,
    count: i64,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
}

/// Bytes as text where they are text.
fn encoded(bytes: &[u8]) -> (String, Encoding) {
    let text = std::str::from_utf8(bytes);
    text.map_or_else(|_| (STANDARD.encode(bytes), Encoding::Base64), |text| (text.to_owned(), Encoding::Utf8))
}

/// Without the part of a character that a cut has left.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
        _ => bytes,
    }
}

impl Encoding {
    /// The bytes; `None` where the text is not in this encoding.
    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Base64 => STANDARD.decode(text).ok(),
        }
    }

    /// As this body is shown.
    pub(super) fn of(body: &[u8]) -> Self {
        if std::str::from_utf8(body).is_ok() { Self::Utf8 } else { Self::Base64 }
    }
}

impl From<Letter> for DeadLetter {
    fn from(letter: Letter) -> Self {
        let (properties, headers) = letter.shown();
        let body_cut = i64::try_from(letter.body.len()).is_ok_and(|length| length < letter.size);
        let (body, body_encoding) = encoded(if body_cut { whole_characters(&letter.body) } else { &letter.body });
        Self {
            id: Id::from_uuid(letter.id),
            route: letter.route,
            exchange: letter.exchange,
            routing_key: letter.routing_key,
            queue: letter.queue,
            reason: letter.reason,
            detail: letter.detail,
            attempts: letter.attempts,
            first_at: letter.first_at,
            last_at: letter.last_at,
            properties,
            headers,
            body,
            body_encoding,
            body_cut,
            size: letter.size,
            state: named(&letter.state).unwrap_or(LetterState::Waiting),
            replayed_as: letter.replayed_as,
            replay_of: letter.replay_of,
            returned_as: Vec::new(),
            created_at: letter.arrived_at,
            updated_at: letter.updated_at,
        }
    }
}

impl From<Action> for AuditEntry {
    fn from(action: Action) -> Self {
        let (old_body, old_body_encoding) = action.old_body.as_deref().map(encoded).unzip();
        let Action { at, actor, what, detail, .. } = action;
        Self { at, actor, action: what, detail, old_body, old_body_encoding }
    }
}

impl From<Tally> for Group {
    fn from(tally: Tally) -> Self {
        let Tally { state, reason, route, count, first_at, last_at } = tally;
        Self { state: named(&state).unwrap_or(LetterState::Waiting), reason, route, count, first_at, last_at }
    }
}

/// The store's name for a state is the wire's.
pub(super) fn named<T: for<'de> Deserialize<'de>>(name: &str) -> Option<T> {
    serde_json::from_value(Value::from(name)).ok()
}
