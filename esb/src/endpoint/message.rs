//! A request and its answer, whatever carried them: what all ways in make, and all ways out take.

use ::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use ::http::{HeaderMap, Method, StatusCode};
use bytes::Bytes;
use chassis::{Failure, Kind};
use reqwest::Response;
use serde::Serialize;

use super::http_out::Body;
use crate::policy::{Answered, Origin};

/// What somebody asks for.
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// As HTTP has them, whatever carried the request.
    pub headers: HeaderMap,
    /// Where it comes from, if it came by HTTP.
    pub origin: Option<Origin>,
    /// What comes along.
    pub body: Body,
}

/// What they are told.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Without those of the connection, and of the body's framing.
    pub headers: HeaderMap,
    /// The body.
    pub content: Content,
}

/// The body of an answer.
#[derive(Debug)]
pub enum Content {
    /// All of it.
    Whole(Bytes),
    /// None, since only the head was asked for: how long it would be.
    Withheld(Option<u64>),
    /// As it comes from a service.
    Streaming(Response),
}

impl Request {
    /// What stands behind the `?`.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }
}

impl Answer {
    /// With this status, which somebody else chose.
    pub fn new(status: u16, content: Content) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        Self { status, headers: HeaderMap::new(), content }
    }

    /// With a document that is JSON already.
    pub fn document(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let value = HeaderValue::from_static(content_type);
        Self::new(status, Content::Whole(body.into())).with(CONTENT_TYPE, value)
    }

    /// With a document.
    pub fn json(status: u16, document: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_vec(document);
        let body = body.map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
        Ok(Self::document(status, "application/json", body))
    }

    /// With another header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// With another header, whose text is ours.
    #[must_use]
    pub fn with_text(self, name: HeaderName, text: &str) -> Self {
        match HeaderValue::from_str(text) {
            Ok(value) => self.with(name, value),
            Err(_unwritable) => self,
        }
    }
}

impl From<Answered> for Answer {
    fn from(answered: Answered) -> Self {
        let mut answer = Self::new(answered.status, Content::Whole(answered.body));
        for (name, value) in &answered.headers {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                answer = answer.with_text(name, value);
            }
        }
        answer
    }
}
