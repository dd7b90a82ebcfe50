//! Query strings and ids in paths: unknown parameters are refused, malformed ids are simply not there.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use contracts::{FieldError, Id};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::{Failure, Kind, is_xml_text};

/// The query string; 422 where a parameter is unknown or wrong.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if !form_urlencoded::parse(request.query_string().as_bytes()).all(|(_, value)| is_xml_text(&value)) {
            let detail = "a parameter has a control character, which is not allowed in text";
            return ready(Err(Failure::new(Kind::Invalid, "invalid-query", detail)));
        }
        let parsed = web::Query::<T>::from_query(request.query_string());
        let failed = |error: actix_web::error::QueryPayloadError| {
            let detail = error.to_string();
            let detail = detail.strip_prefix("Query deserialize error: ").unwrap_or(&detail).to_owned();
            Failure::new(Kind::Invalid, "invalid-query", format!("the query string is wrong: {detail}"))
                .with_errors(vec![FieldError::new("", detail)])
        };
        ready(parsed.map(|query| Self(query.into_inner())).map_err(failed))
    }
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
