//! Query strings and ids in paths: unknown parameters are refused, malformed ids are simply not there.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use contracts::{FieldError, Id, pointer};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::words::field_error;
use crate::{Failure, Kind, is_xml_text};

/// The query string; 422 where a parameter is unknown or wrong.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_query(request.query_string()).map(Self))
    }
}

fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Failure> {
    let parameters = || form_urlencoded::parse(query.as_bytes());
    if let Some((name, _)) = parameters().find(|(_, value)| !is_xml_text(value)) {
        let detail = "has a control character, which is not allowed in text";
        return Err(wrong_query(vec![FieldError::new(pointer([name.as_ref()]), detail)]));
    }
    let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(parameters()));
    read.map_err(|error| wrong_query(vec![field_error(error.path(), &error.inner().to_string(), "parameter")]))
}

/// 422, by parameters that are unknown or wrong.
pub fn wrong_query(errors: Vec<FieldError>) -> Failure {
    let told = |error: &FieldError| format!("{}: {}", error.pointer.trim_start_matches('/'), error.detail);
    let detail = format!("the query string is wrong: {}", errors.iter().map(told).collect::<Vec<_>>().join("; "));
    Failure::new(Kind::Invalid, "invalid-query", detail).with_errors(errors)
}

/// The id in the path segment `{id}`; 404 where it is not one.
#[derive(Debug, Clone, Copy)]
pub struct IdPath<T>(pub Id<T>);

impl<T> FromRequest for IdPath<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| text.parse().ok());
        let missing = || Failure::new(Kind::Missing, "not-found", "there is nothing with this id");
        ready(id.map(Self).ok_or_else(missing))
    }
}
