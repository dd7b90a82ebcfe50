//! A document that is a whole request: its fields go into the path, the query and the body, as if it had come by HTTP.
//! So the same request is the same, whichever door it took.

use ::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use ::http::{HeaderMap, Method};
use chassis::{Failure, Kind};
use contracts::{FieldError, pointer};

use crate::endpoint::amqp_in::{Document, Parts};
use crate::policy::{IdempotencyKey, KEY_HEADER};
use crate::route::file::Target;
use crate::route::pattern::HttpPattern;
use crate::route::pipeline::Ready;
use crate::route::table::is_value;

/// As long as an order placed by HTTP may be waited for.
const PREFER: HeaderValue = HeaderValue::from_static("wait=30");
/// As for an address that comes by HTTP.
const TARGET_MAX: usize = 8 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request, but for its headers.
pub(super) struct Wish {
    /// Path and query.
    pub(super) target: String,
    /// What stands for the path's parameters.
    pub(super) values: Vec<String>,
    pub(super) body: Vec<u8>,
}

impl Wish {
    /// What the document asks of the operation.
    pub(super) fn of(operation: &HttpPattern, document: &[u8]) -> Result<Self, Failure> {
        let unparsable = |detail: String| Failure::new(Kind::Malformed, "malformed-body", detail);
        let parameters = operation.path.parameters().collect::<Vec<_>>();
        let parts = Document::read(document).map_err(unparsable)?.split(&parameters);
        let Parts { values, rest } = parts.map_err(Failure::invalid)?;
        let unfit = parameters.into_iter().zip(&values).filter(|(_, value)| !is_value(value));
        let unfit = unfit.map(|(name, _)| FieldError::new(pointer([name]), "can't be part of a path"));
        let unfit = unfit.collect::<Vec<_>>();
        if !unfit.is_empty() {
            return Err(Failure::invalid(unfit));
        }
        let mut target = operation.path.fill(values.iter().map(String::as_str));
        if matches!(operation.method, Method::GET | Method::DELETE) {
            if let Some(query) = rest.to_query().map_err(Failure::invalid)? {
                target = format!("{target}?{query}");
            }
            return Self { target, values, body: Vec::new() }.short();
        }
        // As it was written, where nothing was taken out.
        let body = if values.is_empty() { document.to_vec() } else { rest.to_json().into_bytes() };
        Self { target, values, body }.short()
    }

    fn short(self) -> Result<Self, Failure> {
        if self.target.len() <= TARGET_MAX {
            return Ok(self);
        }
        let detail = "the fields that are part of the address are longer than 8 KiB: shorten them";
        Err(Failure::new(Kind::UriTooLong, "uri-too-long", detail))
    }
}

/// The headers that HTTP would have brought, by whoever has this token.
pub(super) fn headers(ready: &Ready, token: Option<&str>, key: Option<&IdempotencyKey>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, JSON);
    headers.insert(CONTENT_TYPE, JSON);
    let bearer = token.and_then(|token| HeaderValue::from_str(&format!("Bearer {token}")).ok());
    if let Some(mut bearer) = bearer {
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
    }
    if let Some(value) = key.and_then(|key| HeaderValue::from_str(key.as_str()).ok()) {
        headers.insert(KEY_HEADER, value);
    }
    if matches!(ready.route.to, Target::Saga(_)) {
        headers.insert(HeaderName::from_static("prefer"), PREFER);
    }
    headers
}
