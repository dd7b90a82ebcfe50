//! What a message in the queue of the dead letters was, where it came from, and why it is there.

use chassis::bus::{DEAD_LETTERS, Delivered};
use chrono::{DateTime, Utc};
use contracts::Id;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::letter::{Incoming, searchable};
use super::properties::{Unreadable, encode, number, text, without};

/// What the ESB says about a dead letter of its own.
const OURS: &str = "x-dead-";
/// The message's own `expiration`, which must not end the dead letter.
const EXPIRATION: &str = "x-dead-expiration";
/// What the ESB writes on each of its own: without one of them it is not the ESB that speaks.
const WRITTEN: [&str; 4] = ["x-dead-reason", "x-dead-detail", "x-dead-exchange", "x-dead-routing-key"];
/// How often a quorum queue has given the message out: the queue's, not the message's.
const DELIVERY_COUNT: &str = "x-delivery-count";
/// Set by a replay: the letter that was replayed, and the replay.
pub(super) const REPLAY_OF: &str = "x-replay-of";
/// The id of the replay.
pub(super) const REPLAY_ID: &str = "x-replay-id";

/// Where a message came from, and why it went no further.
struct Story {
    route: Option<String>,
    exchange: String,
    routing_key: String,
    queue: Option<String>,
    reason: String,
    detail: String,
    attempts: i64,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    target: (String, String),
}

/// The letter that this message is.
pub(super) fn read(message: Delivered, now: DateTime<Utc>) -> Result<Incoming, Unreadable> {
    let all = message.properties.headers().clone().unwrap_or_default();
    let all = without(&all, |name| name == DELIVERY_COUNT);
    let by_esb = message.exchange == DEAD_LETTERS && WRITTEN.iter().all(|name| text(&all, name).is_some());
    let death = newest_death(&all);
    // A queue that turned the message away had the last word, whatever stands in the message.
    let turned_away = death.is_some_and(|death| !has_waited(death));
    let told = match death {
        _ if by_esb && !turned_away => by_the_esb(&all, now),
        Some(death) if message.exchange == DEAD_LETTERS => by_a_queue(death, &all, now),
        _ => None,
    };
    let story = told.unwrap_or_else(|| unroutable(&message, now));
    let digest = digest(&message, &all)?;
    let headers = without(&all, |name| by_esb && name.starts_with(OURS));
    let properties = as_sent(message.properties, &headers, text(&all, EXPIRATION).filter(|_| by_esb));
    let id = |name: &str| text(&headers, name).and_then(|text| text.parse::<Uuid>().ok());
    let mut letter = Incoming {
        id: Id::<Incoming>::mint().uuid(),
        dead_id: text(&all, "x-dead-id").filter(|_| by_esb),
        digest,
        redelivered: message.redelivered,
        route: story.route,
        exchange: story.exchange,
        routing_key: story.routing_key,
        queue: story.queue,
        reason: story.reason,
        detail: story.detail,
        attempts: i32::try_from(story.attempts).unwrap_or(i32::MAX),
        first_at: story.first_at,
        last_at: story.last_at,
        arrived_at: now,
        target_exchange: story.target.0,
        target_key: story.target.1,
        replay_of: id(REPLAY_OF),
        replay_id: id(REPLAY_ID),
        properties: encode(&properties)?,
        search: String::new(),
        body: message.body,
    };
    letter.search = searchable(&[&letter.routing_key, &letter.detail], &properties, &letter.body);
    Ok(letter)
}

/// The properties as the sender made them.
fn as_sent(properties: BasicProperties, headers: &FieldTable, expiration: Option<String>) -> BasicProperties {
    let bare = properties.headers().is_none();
    let properties = if bare { properties } else { properties.with_headers(headers.clone()) };
    match expiration {
        Some(expiration) => properties.with_expiration(expiration.into()),
        None => properties,
    }
}

/// Our own pauses end like that; what ends like that elsewhere has been turned away.
fn has_waited(death: &FieldTable) -> bool {
    let is = |name: &str, fits: fn(&str) -> bool| text(death, name).is_some_and(|text| fits(&text));
    is("reason", |reason| reason == "expired") && is("queue", |queue| queue.starts_with("esb.retry."))
}

fn by_the_esb(headers: &FieldTable, now: DateTime<Utc>) -> Option<Story> {
    let time = |name: &str| text(headers, name).and_then(|text| text.parse::<DateTime<Utc>>().ok());
    let exchange = text(headers, "x-dead-exchange")?;
    let routing_key = text(headers, "x-dead-routing-key")?;
    let last_at = time("x-dead-last-at").unwrap_or(now);
    Some(Story {
        route: text(headers, "x-dead-route"),
        queue: None,
        reason: kebab(&text(headers, "x-dead-reason")?),
        detail: text(headers, "x-dead-detail")?,
        attempts: number(headers, "x-dead-attempts").unwrap_or(1),
        first_at: time("x-dead-first-at").unwrap_or(last_at),
        last_at,
        target: (exchange.clone(), routing_key.clone()),
        exchange,
        routing_key,
    })
}

/// `None` where the broker's note is not one that a broker writes.
fn by_a_queue(death: &FieldTable, headers: &FieldTable, now: DateTime<Utc>) -> Option<Story> {
    let queue = text(death, "queue")?;
    let why = text(death, "reason")?;
    let (reason, detail) = match why.as_str() {
        "expired" => ("expired", format!("it lay in `{queue}` for too long")),
        "delivery_limit" => ("retries-exhausted", format!("`{queue}` gave it out too often")),
        "maxlen" => ("retries-exhausted", format!("`{queue}` was full")),
        _ => ("unparsable", format!("the consumer of `{queue}` turned it away")),
    };
    let key = match death.inner().get("routing-keys") {
        Some(AMQPValue::FieldArray(keys)) => keys.as_slice().first().and_then(AMQPValue::as_long_string),
        _ => None,
    };
    let last_at = time_of(death).unwrap_or(now);
    Some(Story {
        route: None,
        exchange: text(death, "exchange")?,
        routing_key: key.map_or_else(|| queue.clone(), ToString::to_string),
        reason: reason.to_owned(),
        detail,
        attempts: number(death, "count").unwrap_or(1),
        first_at: deaths(headers).filter_map(time_of).min().unwrap_or(last_at),
        last_at,
        target: (String::new(), queue.clone()),
        queue: Some(queue),
    })
}

fn unroutable(message: &Delivered, now: DateTime<Utc>) -> Story {
    Story {
        route: None,
        exchange: message.exchange.clone(),
        routing_key: message.key.clone(),
        queue: None,
        reason: "unroutable".to_owned(),
        detail: format!("no route takes `{}` from `{}`", message.key, message.exchange),
        attempts: 1,
        first_at: now,
        last_at: now,
        target: (message.exchange.clone(), message.key.clone()),
    }
}

fn deaths(headers: &FieldTable) -> impl Iterator<Item = &FieldTable> {
    let deaths = match headers.inner().get("x-death") {
        Some(AMQPValue::FieldArray(deaths)) => deaths.as_slice(),
        _ => &[],
    };
    deaths.iter().filter_map(|death| match death {
        AMQPValue::FieldTable(death) => Some(death),
        _ => None,
    })
}

fn newest_death(headers: &FieldTable) -> Option<&FieldTable> {
    deaths(headers).next()
}

fn time_of(death: &FieldTable) -> Option<DateTime<Utc>> {
    match death.inner().get("time") {
        Some(AMQPValue::Timestamp(seconds)) => DateTime::from_timestamp(i64::try_from(*seconds).ok()?, 0),
        _ => None,
    }
}

/// Whatever stands there, the reason is one word.
fn kebab(reason: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    reason.chars().take(64).map(plain).collect()
}

/// Of all that came, so that a redelivery is known by it.
fn digest(message: &Delivered, headers: &FieldTable) -> Result<Vec<u8>, Unreadable> {
    let properties = encode(&message.properties.clone().with_headers(headers.clone()))?;
    let mut hasher = Sha256::new();
    for part in [message.exchange.as_bytes(), message.key.as_bytes(), &properties, &message.body] {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    Ok(hasher.finalize().to_vec())
}
