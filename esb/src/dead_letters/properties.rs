//! Properties and headers of a message: kept as AMQP writes them, type for type, and shown as JSON.

use amq_protocol::frame::{AMQPContentHeader, AMQPFrame, WriteContext, gen_frame, parse_frame};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use serde_json::{Map, Value, json};

/// AMQP's number for the class `basic`.
const BASIC: u16 = 60;

/// Properties could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("the properties of a message could not be {0}")]
pub struct Unreadable(&'static str);

/// As a content header frame of AMQP 0-9-1, which keeps every type that a header can have.
pub(super) fn encode(properties: &BasicProperties) -> Result<Vec<u8>, Unreadable> {
    let header = AMQPContentHeader { class_id: BASIC, body_size: 0, properties: properties.clone() };
    let frame = AMQPFrame::Header(0, header);
    let written = gen_frame(&frame)(WriteContext::from(Vec::new()));
    written.map(|context| context.into_inner().0).map_err(|_error| Unreadable("written"))
}

/// What [`encode`] has written.
pub(super) fn decode(bytes: &[u8]) -> Result<BasicProperties, Unreadable> {
    match parse_frame(bytes) {
        Ok((_, AMQPFrame::Header(_, header))) => Ok(header.properties),
        _ => Err(Unreadable("read")),
    }
}

/// The properties that are there, without the headers.
pub(super) fn shown(properties: &BasicProperties) -> Map<String, Value> {
    let text = |value: &Option<lapin::types::ShortString>| value.as_ref().map(|text| json!(text.as_str()));
    let fields = [
        ("content_type", text(properties.content_type())),
        ("content_encoding", text(properties.content_encoding())),
        ("delivery_mode", properties.delivery_mode().map(|mode| json!(mode))),
        ("priority", properties.priority().map(|priority| json!(priority))),
        ("correlation_id", text(properties.correlation_id())),
        ("reply_to", text(properties.reply_to())),
        ("expiration", text(properties.expiration())),
        ("message_id", text(properties.message_id())),
        ("timestamp", properties.timestamp().map(|time| json!(time))),
        ("type", text(properties.kind())),
        ("user_id", text(properties.user_id())),
        ("app_id", text(properties.app_id())),
        ("cluster_id", text(properties.cluster_id())),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The headers: text and numbers as such, bytes that are no text as `{"base64": …}`.
pub(super) fn shown_headers(headers: &FieldTable) -> Map<String, Value> {
    headers.into_iter().map(|(name, value)| (name.to_string(), plain(value))).collect()
}

fn plain(value: &AMQPValue) -> Value {
    match value {
        AMQPValue::Boolean(value) => json!(value),
        AMQPValue::ShortShortInt(value) => json!(value),
        AMQPValue::ShortShortUInt(value) => json!(value),
        AMQPValue::ShortInt(value) => json!(value),
        AMQPValue::ShortUInt(value) => json!(value),
        AMQPValue::LongInt(value) => json!(value),
        AMQPValue::LongUInt(value) => json!(value),
        AMQPValue::LongLongInt(value) => json!(value),
        AMQPValue::Timestamp(value) => json!(value),
        AMQPValue::Float(value) if value.is_finite() => json!(value),
        AMQPValue::Double(value) if value.is_finite() => json!(value),
        AMQPValue::Float(value) => json!(value.to_string()),
        AMQPValue::Double(value) => json!(value.to_string()),
        AMQPValue::DecimalValue(value) => json!({"scale": value.scale, "value": value.value}),
        AMQPValue::ShortString(text) => json!(text.as_str()),
        AMQPValue::LongString(text) => bytes(text.as_bytes()),
        AMQPValue::ByteArray(array) => json!({"base64": STANDARD.encode(array.as_slice())}),
        AMQPValue::FieldArray(items) => items.as_slice().iter().map(plain).collect(),
        AMQPValue::FieldTable(table) => Value::Object(shown_headers(table)),
        AMQPValue::Void => Value::Null,
    }
}

fn bytes(bytes: &[u8]) -> Value {
    std::str::from_utf8(bytes).map_or_else(|_| json!({"base64": STANDARD.encode(bytes)}), |text| json!(text))
}

/// A header's text.
pub(super) fn text(headers: &FieldTable, name: &str) -> Option<String> {
    match headers.inner().get(name)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A header's whole number, of whichever width.
pub(super) fn number(headers: &FieldTable, name: &str) -> Option<i64> {
    match *headers.inner().get(name)? {
        AMQPValue::ShortShortInt(value) => Some(value.into()),
        AMQPValue::ShortShortUInt(value) => Some(value.into()),
        AMQPValue::ShortInt(value) => Some(value.into()),
        AMQPValue::ShortUInt(value) => Some(value.into()),
        AMQPValue::LongInt(value) => Some(value.into()),
        AMQPValue::LongUInt(value) => Some(value.into()),
        AMQPValue::LongLongInt(value) => Some(value),
        _ => None,
    }
}

/// The headers without those that `drop` names.
pub(super) fn without(headers: &FieldTable, drop: impl Fn(&str) -> bool) -> FieldTable {
    let kept = headers.into_iter().filter(|(name, _)| !drop(name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect::<std::collections::BTreeMap<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use lapin::types::{ByteArray, DecimalValue, FieldArray};

    use super::*;

    fn every_type() -> FieldTable {
        let mut inner = FieldTable::default();
        inner.insert("deep".into(), AMQPValue::LongString("ä".into()));
        let array = FieldArray::from(vec![AMQPValue::LongInt(-1), AMQPValue::Void]);
        let values = [
            AMQPValue::Boolean(true),
            AMQPValue::ShortShortInt(-7),
            AMQPValue::ShortShortUInt(200),
            AMQPValue::ShortInt(-300),
            AMQPValue::ShortUInt(60_000),
            AMQPValue::LongInt(-70_000),
            AMQPValue::LongUInt(4_000_000_000),
            AMQPValue::LongLongInt(i64::MIN),
            AMQPValue::Float(1.5),
            AMQPValue::Double(0.1),
            AMQPValue::DecimalValue(DecimalValue { scale: 2, value: 1234 }),
            AMQPValue::LongString(vec![0xff, 0x00].into()),
            AMQPValue::Timestamp(1_700_000_000),
            AMQPValue::ByteArray(ByteArray::from(vec![1_u8, 2])),
            AMQPValue::FieldArray(array),
            AMQPValue::FieldTable(inner),
            AMQPValue::Void,
        ];
        let mut table = FieldTable::default();
        for (number, value) in values.into_iter().enumerate() {
            table.insert(format!("h{number:02}").into(), value);
        }
        table
    }

    #[test]
    fn every_type_of_header_comes_back_as_it_was() {
        let properties = BasicProperties::default()
            .with_headers(every_type())
            .with_content_type("text/plain".into())
            .with_message_id("m-1".into())
            .with_type("order.place".into())
            .with_timestamp(1_700_000_000)
            .with_priority(4);
        assert_eq!(decode(&encode(&properties).unwrap()).unwrap(), properties);
        let bare = BasicProperties::default();
        assert_eq!(decode(&encode(&bare).unwrap()).unwrap(), bare);
    }

    #[test]
    fn headers_are_shown_as_json() {
        let shown = shown_headers(&every_type());
        assert_eq!(
            (&shown["h00"], &shown["h03"], &shown["h11"]),
            (&json!(true), &json!(-300), &json!({"base64": "/wA="}))
        );
        assert_eq!((&shown["h14"], &shown["h15"]), (&json!([-1, null]), &json!({"deep": "ä"})));
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        assert!(decode(b"").is_err() && decode(b"\x02\x00\x00nonsense").is_err());
    }
}
