//! A document that is a whole request: its fields go into the path, the query and the body, as if it had come by HTTP.
//! So the same request is the same, whichever door it took.

use ::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use ::http::{HeaderMap, Method};
use chassis::{Failure, Kind};
use contracts::{FieldError, pointer};

use crate::endpoint::amqp_in::{Document, NoDocument, Parts};
use crate::policy::{IdempotencyKey, KEY_HEADER};
use crate::route::file::Target;
use crate::route::mediation::Parameters;
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
    /// What the document asks of the operation; a field that the description of it does not know, or has otherwise, is
    /// refused.
    pub(super) fn of(operation: &HttpPattern, known: Option<&Parameters>, document: &[u8]) -> Result<Self, Failure> {
        let unfit = |no_document: NoDocument| match no_document {
            NoDocument::NoJson(error) => {
                Failure::new(Kind::Malformed, "malformed-body", format!("the body is not JSON: {error}"))
            }
            NoDocument::NoObject => Failure::invalid(vec![FieldError::new("", "must be an object")]),
        };
        let parameters = operation.path.parameters().collect::<Vec<_>>();
        let fields = Document::read(document).map_err(unfit)?;
        let misfits = known.map(|known| misfits(&fields, operation, known)).unwrap_or_default();
        if !misfits.is_empty() {
            return Err(Failure::invalid(misfits));
        }
        let parts = fields.split(&parameters);
        let Parts { values, rest } = parts.map_err(Failure::invalid)?;
        let unfit = parameters.into_iter().zip(&values).filter(|(_, value)| !is_value(value));
        let unfit = unfit.map(|(name, _)| FieldError::new(pointer([name]), "can't be part of a path"));
        let unfit = unfit.collect::<Vec<_>>();
        if !unfit.is_empty() {
            return Err(Failure::invalid(unfit));
        }
        let mut target = operation.path.fill(values.iter().map(String::as_str));
        if is_question(operation) {
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

/// Whether what is not in the path goes into the query.
fn is_question(operation: &HttpPattern) -> bool {
    matches!(operation.method, Method::GET | Method::DELETE)
}

/// A body is for whom it is sent to, to judge.
fn misfits(fields: &Document<'_>, operation: &HttpPattern, known: &Parameters) -> Vec<FieldError> {
    let judge = |(name, value): (&str, &str)| {
        let in_path = operation.path.parameters().any(|own| own == name);
        let detail = match (in_path || is_question(operation), known.texts.contains(name)) {
            (true, true) if !value.starts_with('"') => "must be a text",
            (true, false) if !in_path && !known.names.contains(name) => "is not a parameter of this",
            _ => return None,
        };
        Some(FieldError::new(pointer([name]), detail))
    };
    fields.fields().filter_map(judge).collect()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What becomes of it where `id`, `status` and `limit` are known, the first two as texts.
    fn told(operation: &str, document: &str) -> Result<String, Vec<String>> {
        let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let known = Parameters { names: set(&["id", "status", "limit"]), texts: set(&["id", "status"]) };
        let operation = operation.to_owned().try_into().unwrap();
        let wish = Wish::of(&operation, Some(&known), document.as_bytes());
        wish.map(|wish| wish.target).map_err(|failure| {
            let problem = failure.problem();
            assert_eq!(problem.status, 422, "{problem:?}");
            problem.errors.into_iter().map(|error| error.pointer).collect()
        })
    }

    #[test]
    fn what_is_known_goes_where_it_belongs() {
        let document = r#"{"id": "o 1", "status": "a&b", "limit": 2}"#;
        assert_eq!(told("GET /orders/{id}", document).unwrap(), "/orders/o%201?status=a%26b&limit=2");
        assert_eq!(told("POST /orders/{id}/cancel", r#"{"id": "1", "why": 5}"#).unwrap(), "/orders/1/cancel");
    }

    #[test]
    fn what_is_not_known_or_no_text_is_refused() {
        let refused = |operation: &str, document: &str| told(operation, document).unwrap_err();
        assert_eq!(refused("GET /orders/{id}", r#"{"id": "1", "foo": 1, "lmiit": 2}"#), ["/foo", "/lmiit"]);
        assert_eq!(refused("GET /orders/{id}", r#"{"id": 5, "status": null}"#), ["/id", "/status"]);
        assert_eq!(refused("POST /orders/{id}/cancel", r#"{"id": 5, "why": 5}"#), ["/id"]);
    }

    #[test]
    fn where_nobody_has_described_it_the_service_judges() {
        let operation = "GET /orders/{id}".to_owned().try_into().unwrap();
        let wish = Wish::of(&operation, None, br#"{"id": 5, "foo": 1}"#).unwrap();
        assert_eq!(wish.target, "/orders/5?foo=1");
    }
}
