//! What a message has been through: kept in a header of its own while it waits for another try, and taken out again, so
//! that it is always as its sender made it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};

use super::letter::with;

/// Our header, while the message waits.
const HEADER: &str = "x-esb-retry";
/// What the broker writes when a message has waited, or acts on when it comes back.
const BROKERS: [&str; 5] = ["x-death", "x-first-death-exchange", "x-first-death-queue", "x-first-death-reason", "CC"];

const ATTEMPTS: &str = "attempts";
const WAITS: &str = "waits";
const FIRST_AT: &str = "first-at";
const EXPIRATION: &str = "expiration";
const TRACE: &str = "trace";

/// What a message has been through.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// How often it was tried, in vain.
    pub attempts: u32,
    /// How often its effect was under way, and not yet there.
    pub waits: u32,
    /// When it was first taken.
    pub first_at: DateTime<Utc>,
    /// What its sender had said of how long it is good, in milliseconds.
    expiration: Option<ShortString>,
    /// The `traceparent` of its first try.
    pub trace: Option<String>,
}

impl Journey {
    /// Of a message with these properties, which are its sender's again.
    pub fn take(properties: &mut BasicProperties, now: DateTime<Utc>) -> Self {
        let headers = properties.headers().as_ref().map(FieldTable::inner);
        let Some(AMQPValue::FieldTable(kept)) = headers.and_then(|headers| headers.get(HEADER)).cloned() else {
            let expiration = properties.expiration().clone();
            return Self { attempts: 0, waits: 0, first_at: now, expiration, trace: None };
        };
        let own = headers.into_iter().flatten().filter(|(name, _)| !is_the_brokers(name) && name.as_str() != HEADER);
        let stashed = kept.inner().iter().filter(|(name, _)| is_the_brokers(name));
        let restored =
            own.chain(stashed).map(|(name, value)| (name.clone(), value.clone())).collect::<BTreeMap<_, _>>();
        let journey = Self {
            attempts: number(&kept, ATTEMPTS),
            waits: number(&kept, WAITS),
            first_at: string(&kept, FIRST_AT).and_then(|text| text.parse().ok()).unwrap_or(now),
            expiration: string(&kept, EXPIRATION).and_then(|text| ShortString::try_new(text).ok()),
            trace: string(&kept, TRACE),
        };
        *properties = with(properties, restored, journey.expiration.as_ref());
        journey
    }

    /// The properties under which the message waits, `pause_ms` at most.
    pub fn pack(&self, properties: &BasicProperties, pause_ms: u32) -> BasicProperties {
        let headers = properties.headers().as_ref().map(FieldTable::inner);
        let (stashed, own): (BTreeMap<_, _>, BTreeMap<_, _>) = headers
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.clone()))
            .partition(|(name, _)| is_the_brokers(name));
        let (mut kept, mut packed) = (FieldTable::from(stashed), own);
        kept.insert(ATTEMPTS.into(), AMQPValue::LongLongInt(self.attempts.into()));
        kept.insert(WAITS.into(), AMQPValue::LongLongInt(self.waits.into()));
        kept.insert(FIRST_AT.into(), text(&self.first_at.to_rfc3339()));
        if let Some(expiration) = &self.expiration {
            kept.insert(EXPIRATION.into(), text(expiration.as_str()));
        }
        if let Some(trace) = &self.trace {
            kept.insert(TRACE.into(), text(trace));
        }
        packed.insert(HEADER.into(), AMQPValue::FieldTable(kept));
        with(properties, packed, ShortString::try_new(pause_ms.to_string()).ok().as_ref())
    }

    /// How long its sender has said that it is good, in milliseconds.
    pub fn expiration(&self) -> Option<&str> {
        self.expiration.as_ref().map(ShortString::as_str)
    }

    /// Whether it comes back from waiting.
    pub const fn has_waited(&self) -> bool {
        self.attempts > 0 || self.waits > 0
    }

    /// Whether the message is no longer good after another pause; as it says nothing of when it was sent, its time
    /// counts from when we first had it.
    pub fn ends_before(&self, later: DateTime<Utc>) -> bool {
        let expiration = self.expiration.as_ref().and_then(|text| text.as_str().parse().ok());
        let end = expiration.and_then(TimeDelta::try_milliseconds).and_then(|ms| self.first_at.checked_add_signed(ms));
        end.is_some_and(|end| end <= later)
    }
}

/// Whether the broker writes it, or acts on it.
fn is_the_brokers(name: &ShortString) -> bool {
    BROKERS.contains(&name.as_str())
}

/// A count that is none has been forged, and is not to buy endless tries.
fn number(table: &FieldTable, name: &str) -> u32 {
    match table.inner().get(name) {
        Some(AMQPValue::LongLongInt(value)) => u32::try_from(*value).unwrap_or(u32::MAX),
        _ => 0,
    }
}

fn string(table: &FieldTable, name: &str) -> Option<String> {
    table.inner().get(name).and_then(AMQPValue::as_long_string).map(ToString::to_string)
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(LongString::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_800_000_000)
    }

    fn message() -> BasicProperties {
        let headers = [("a", text("1")), ("CC", text("other")), ("x-death", AMQPValue::Void)];
        let headers = headers.map(|(name, value)| (ShortString::from(name), value));
        BasicProperties::default()
            .with_message_id("m".into())
            .with_type("t".into())
            .with_user_id("shop".into())
            .with_expiration("5000".into())
            .with_headers(BTreeMap::from(headers).into())
    }

    #[test]
    fn a_message_that_has_waited_is_as_its_sender_made_it() {
        for sent in [message(), BasicProperties::default().with_timestamp(7).with_delivery_mode(1)] {
            let mut properties = sent.clone();
            let mut journey = Journey::take(&mut properties, now());
            assert_eq!(properties, sent);
            journey.attempts = 3;
            journey.trace = Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned());
            let packed = journey.pack(&properties, 250);
            assert_eq!(packed.expiration().as_ref().unwrap().as_str(), "250");
            // As the broker gives it back: without the expiration, and with a mark of its own.
            let mut headers = packed.headers().clone().unwrap();
            headers.insert("x-death".into(), text("by the broker"));
            assert!(!headers.contains_key("CC"), "the broker would act on it again");
            let mut back = with(&packed, headers.inner().clone(), None);
            let later = Journey::take(&mut back, now() + TimeDelta::seconds(9));
            assert_eq!((back, later), (sent, journey));
        }
    }

    #[test]
    fn a_message_is_good_for_as_long_as_its_sender_said() {
        let journey = Journey::take(&mut message(), now());
        let ends = [4, 5, 6].map(|seconds| journey.ends_before(now() + TimeDelta::seconds(seconds)));
        assert_eq!(ends, [false, true, true]);
        assert!(!Journey::take(&mut BasicProperties::default(), now()).ends_before(DateTime::<Utc>::MAX_UTC));
    }
}
