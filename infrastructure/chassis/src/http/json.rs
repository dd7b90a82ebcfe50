//! JSON bodies: 415 for another format, 413 for too much, 400 for what can't be parsed, 422 with a pointer for the rest.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use bytes::{Bytes, BytesMut};
use contracts::{FieldError, pointer};
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::strict::Strict;
use super::words::field_error;
use crate::{Failure, Kind, is_card_number, is_xml_text};

/// A JSON body.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

/// The body of a request that wants none: nothing, or an object without fields. As an extractor it stands last, so that
/// who asks comes first; 422 where something is said that nobody would read.
#[derive(Debug, Clone, Copy)]
pub struct NoBody;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

/// How much of a body is read, and how long that may take; kept as application data.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// In bytes.
    pub bytes_max: usize,
    /// From the first byte to the last.
    pub timeout: Duration,
}

impl Default for BodyLimit {
    fn default() -> Self {
        Self { bytes_max: 1 << 20, timeout: Duration::from_secs(30) }
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request.app_data::<BodyLimit>().copied().unwrap_or_default();
        let is_json = is_json(request.content_type());
        let payload = payload.take();
        Box::pin(async move {
            if !is_json {
                let detail = "the body must be JSON: send `Content-Type: application/json`";
                return Err(Failure::new(Kind::UnsupportedMedia, "unsupported-media-type", detail));
            }
            read_json(&read_body(payload, limit).await?).map(Json)
        })
    }
}

impl FromRequest for NoBody {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request.app_data::<BodyLimit>().copied().unwrap_or_default();
        let payload = payload.take();
        Box::pin(async move {
            let body = read_body(payload, limit).await?;
            if !body.is_empty() {
                let Empty {} = read_json(&body)?;
            }
            Ok(Self)
        })
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The whole body, within `limit`.
pub async fn read_body(mut payload: Payload, limit: BodyLimit) -> Result<Bytes, Failure> {
    let reading = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let broken =
                |_broken| Failure::new(Kind::Malformed, "broken-body", "the body broke off, or is framed wrongly");
            let chunk = chunk.map_err(broken)?;
            if body.len() + chunk.len() > limit.bytes_max {
                let detail = format!("the body is larger than {} bytes: send less", limit.bytes_max);
                return Err(Failure::new(Kind::TooLarge, "body-too-large", detail));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    let slow = |_elapsed| Failure::new(Kind::TooSlow, "body-too-slow", "the body took too long: send it faster");
    tokio::time::timeout(limit.timeout, reading).await.map_err(slow)?
}

/// The `T` in these bytes.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(Strict(&mut deserializer));
    let value = read.map_err(|error| refused(bytes, error.path(), error.inner()))?;
    deserializer.end().map_err(|error| malformed(&error))?;
    let errors = forbidden_text(bytes)?;
    if errors.is_empty() { Ok(value) } else { Err(Failure::invalid(errors)) }
}

fn refused(bytes: &[u8], path: &serde_path_to_error::Path, error: &serde_json::Error) -> Failure {
    if !error.is_data() {
        return malformed(error);
    }
    // What is not JSON at all is told first, even where a wrong type stands before the broken place.
    if let Err(broken) = serde_json::from_slice::<IgnoredAny>(bytes) {
        return malformed(&broken);
    }
    Failure::invalid(vec![field_error(path, &without_place(error), "field")])
}

fn malformed(error: &serde_json::Error) -> Failure {
    let detail =
        format!("the body is not JSON: {} at line {} column {}", without_place(error), error.line(), error.column());
    Failure::new(Kind::Malformed, "malformed-body", detail).at(error.line(), error.column())
}

/// The parser's own words, without the place, which is told elsewhere.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(words, _)| words.to_owned())
}

/// Where the body holds text that no field may hold. Bodies without a trace of it are not looked at twice.
fn forbidden_text(bytes: &[u8]) -> Result<Vec<FieldError>, Failure> {
    if !is_suspicious(bytes) {
        return Ok(Vec::new());
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    let mut errors = Vec::new();
    walk(&value, &mut Vec::new(), &mut errors);
    Ok(errors)
}

/// Escapes, the non-characters U+FFFE and U+FFFF, or 13 digits with nothing but separators between them.
fn is_suspicious(bytes: &[u8]) -> bool {
    let mut digits = 0_u32;
    let mut previous = 0_u8;
    for &byte in bytes {
        digits = match byte {
            b'0'..=b'9' => digits + 1,
            b' ' | b'-' => digits,
            _ => 0,
        };
        let escape = previous == b'\\' && matches!(byte, b'u' | b'b' | b'f');
        let noncharacter = previous == 0xbf && matches!(byte, 0xbe | 0xbf);
        if digits >= 13 || escape || noncharacter {
            return true;
        }
        previous = byte;
    }
    false
}

fn walk(value: &Value, path: &mut Vec<String>, errors: &mut Vec<FieldError>) {
    match value {
        Value::String(text) => errors.extend(judge(text).map(|detail| at(path, detail))),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                walk(item, path, errors);
                path.pop();
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                path.push(name.clone());
                walk(field, path, errors);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn judge(text: &str) -> Option<&'static str> {
    if !is_xml_text(text) {
        return Some("has a control character, which is not allowed in text");
    }
    is_card_number(text).then_some("looks like a card number: only the payment provider's token may be sent")
}

fn at(path: &[String], detail: &str) -> FieldError {
    FieldError::new(pointer(path.iter().map(String::as_str)), detail)
}
