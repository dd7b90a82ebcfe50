//! Messages that come to nothing: what is written on them, and where they go.

use std::collections::BTreeMap;

use chassis::bus::{Bus, DEAD_LETTERS, Outgoing, PublishError};
use chrono::{DateTime, Utc};
use contracts::Id;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, ShortString};

use super::journey::Journey;

/// Longer would not fit a header.
const DETAIL_MAX: usize = 4_096;

/// Why a message comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is no document.
    Unparsable,
    /// It is a document, but not the right one.
    SchemaViolation,
    /// A second one could not be told from it.
    MissingMessageId,
    /// Its id was used for another message.
    IdempotencyMismatch,
    /// Its sender may not, or is nobody.
    Forbidden,
    /// It was tried often enough.
    RetriesExhausted,
    /// It is no longer good.
    Expired,
}

/// A message that comes to nothing.
#[derive(Debug)]
pub struct DeadLetter<'a> {
    /// As its sender made it.
    pub properties: &'a BasicProperties,
    /// As its sender made it.
    pub body: &'a [u8],
    /// The route that took it.
    pub route: &'a str,
    /// The exchange that it was published to, to which a replay goes.
    pub exchange: &'a str,
    /// The routing key.
    pub key: &'a str,
    /// Why.
    pub reason: Reason,
    /// Why, for people.
    pub detail: &'a str,
    /// What it has been through.
    pub journey: &'a Journey,
    /// Now.
    pub at: DateTime<Utc>,
}

impl Reason {
    /// Kebab-case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unparsable => "unparsable",
            Self::SchemaViolation => "schema-violation",
            Self::MissingMessageId => "missing-message-id",
            Self::IdempotencyMismatch => "idempotency-mismatch",
            Self::Forbidden => "forbidden",
            Self::RetriesExhausted => "retries-exhausted",
            Self::Expired => "expired",
        }
    }
}

impl DeadLetter<'_> {
    /// To the dead letters; what this says is durable.
    pub async fn post(&self, bus: &Bus) -> Result<(), PublishError> {
        let properties = self.properties();
        bus.deliver(Outgoing { exchange: DEAD_LETTERS, key: DEAD_LETTERS, properties, body: self.body }).await
    }

    fn properties(&self) -> BasicProperties {
        let mut headers = self.properties.headers().as_ref().map(FieldTable::inner).cloned().unwrap_or_default();
        let id = Id::<DeadLetter<'_>>::mint().to_string();
        let words = [
            ("x-dead-id", id.as_str()),
            ("x-dead-reason", self.reason.as_str()),
            ("x-dead-detail", up_to(self.detail, DETAIL_MAX)),
            ("x-dead-route", self.route),
            ("x-dead-exchange", self.exchange),
            ("x-dead-routing-key", self.key),
            ("x-dead-first-at", &self.journey.first_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
            ("x-dead-last-at", &self.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        ];
        headers.extend(words.map(|(name, word)| (name.into(), AMQPValue::LongString(word.into()))));
        headers.insert("x-dead-attempts".into(), AMQPValue::LongLongInt(self.journey.attempts.into()));
        // Left where it is, it would end the dead letter, too.
        if let Some(expiration) = self.journey.expiration() {
            headers.insert("x-dead-expiration".into(), AMQPValue::LongString(expiration.into()));
        }
        with(self.properties, headers, None)
    }
}

fn up_to(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or_default()
}

/// The same properties with other headers and another expiration.
pub(super) fn with(
    properties: &BasicProperties,
    headers: BTreeMap<ShortString, AMQPValue>,
    expiration: Option<&ShortString>,
) -> BasicProperties {
    type Words = BasicProperties;
    let set = |made: Words, value: Option<&ShortString>, write: fn(Words, ShortString) -> Words| match value {
        Some(value) => write(made, value.clone()),
        None => made,
    };
    let number = |made: Words, value: &Option<u8>, write: fn(Words, u8) -> Words| match value {
        Some(value) => write(made, *value),
        None => made,
    };
    let made = set(Words::default(), properties.content_type().as_ref(), Words::with_content_type);
    let made = set(made, properties.content_encoding().as_ref(), Words::with_content_encoding);
    let made = set(made, properties.correlation_id().as_ref(), Words::with_correlation_id);
    let made = set(made, properties.reply_to().as_ref(), Words::with_reply_to);
    let made = set(made, expiration, Words::with_expiration);
    let made = set(made, properties.message_id().as_ref(), Words::with_message_id);
    let made = set(made, properties.kind().as_ref(), Words::with_type);
    let made = set(made, properties.user_id().as_ref(), Words::with_user_id);
    let made = set(made, properties.app_id().as_ref(), Words::with_app_id);
    let made = set(made, properties.cluster_id().as_ref(), Words::with_cluster_id);
    let made = number(made, properties.delivery_mode(), Words::with_delivery_mode);
    let mut made = number(made, properties.priority(), Words::with_priority);
    if let Some(timestamp) = properties.timestamp() {
        made = made.with_timestamp(*timestamp);
    }
    if headers.is_empty() { made } else { made.with_headers(headers.into()) }
}
