//! A dead letter, and which of them are meant.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use lapin::BasicProperties;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::properties::shown_headers;

/// How much of a body the search sees.
const BODY_SEARCHED_MAX: usize = 3 << 10;
/// How much the search sees in all.
const SEARCHED_MAX: usize = 4 << 10;

/// What became of a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// An operator may do something about it.
    Waiting,
    /// On its way; it is sent again until the broker has it for certain.
    Replaying,
    /// The broker has it again.
    Replayed,
    /// Given up.
    Discarded,
}

/// A message as it came out of the queue.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) id: Uuid,
    pub(super) dead_id: Option<String>,
    pub(super) digest: Vec<u8>,
    pub(super) redelivered: bool,
    pub(super) route: Option<String>,
    pub(super) exchange: String,
    pub(super) routing_key: String,
    pub(super) queue: Option<String>,
    pub(super) reason: String,
    pub(super) detail: String,
    pub(super) attempts: i32,
    pub(super) first_at: DateTime<Utc>,
    pub(super) last_at: DateTime<Utc>,
    pub(super) arrived_at: DateTime<Utc>,
    pub(super) target_exchange: String,
    pub(super) target_key: String,
    pub(super) replay_of: Option<Uuid>,
    pub(super) replay_id: Option<Uuid>,
    pub(super) properties: Vec<u8>,
    pub(super) body: Vec<u8>,
    pub(super) search: String,
}

/// A letter, as the store has it.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(crate) struct Letter {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) state: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) route: Option<String>,
    #[diesel(sql_type = Text)]
    pub(crate) exchange: String,
    #[diesel(sql_type = Text)]
    pub(crate) routing_key: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) queue: Option<String>,
    #[diesel(sql_type = Text)]
    pub(crate) reason: String,
    #[diesel(sql_type = Text)]
    pub(crate) detail: String,
    #[diesel(sql_type = Integer)]
    pub(crate) attempts: i32,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) first_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) last_at: DateTime<Utc>,
    #[diesel(sql_type = Binary)]
    pub(crate) properties: Vec<u8>,
    #[diesel(sql_type = Binary)]
    pub(crate) body: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    pub(crate) size: i64,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) replay_of: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) replayed_as: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub(crate) version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) arrived_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) updated_at: DateTime<Utc>,
}

/// Which letters; all of them where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<LetterState>,
    /// Of this route.
    pub route: Option<String>,
    /// For this reason.
    pub reason: Option<String>,
    /// With this text in routing key, detail, message id, correlation id, headers, or the beginning of the body.
    pub text: Option<String>,
    /// Which died at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Which died before this time.
    pub to: Option<DateTime<Utc>>,
    /// Of these.
    pub ids: Option<Vec<Uuid>>,
}

impl LetterState {
    /// As the store and the wire call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Replaying => "replaying",
            Self::Replayed => "replayed",
            Self::Discarded => "discarded",
        }
    }
}

/// What the search sees of a letter, in lower case.
pub(super) fn searchable(words: &[&str], properties: &BasicProperties, body: &[u8]) -> String {
    let ids = [properties.message_id(), properties.correlation_id()];
    let ids = ids.into_iter().flatten().map(|id| id.as_str().to_owned());
    let headers = properties.headers().iter().flat_map(shown_headers);
    let headers = headers.map(|(name, value)| format!("{name}: {value}"));
    let seen = body.get(..BODY_SEARCHED_MAX).unwrap_or(body);
    let words = words.iter().map(|word| (*word).to_owned());
    let body = String::from_utf8_lossy(seen).into_owned();
    let all = words.chain(ids).chain([body]).chain(headers).collect::<Vec<_>>().join("\n");
    bounded(&all.replace('\0', " ").to_lowercase()).to_owned()
}

fn bounded(text: &str) -> &str {
    let mut end = SEARCHED_MAX.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}
