//! Scatter and gather: several services are asked at once, and one document comes of it. What does not come in time is
//! missing; only an essential part may say no to the whole.

use std::time::Duration;

use ::http::StatusCode;
use bytes::{Bytes, BytesMut};
use chassis::{Failure, REQUEST_ID, TRACEPARENT};
use futures_util::future::join_all;
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::http_out::{Body, Elsewhere, Outgoing, Proxy, Repeatable};
use super::message::Answer;
use crate::registry::Resolver;

/// The largest part.
const PART_MAX: usize = 1 << 20;
/// Headers that say who asks.
const IDENTITY: [&str; 3] = ["authorization", REQUEST_ID, TRACEPARENT];
/// The field with the names of the parts that did not come.
pub const MISSING: &str = "missing";

/// How long a part may take where it does not say.
const PATIENCE_MS: u64 = 3000;

/// A part of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Part {
    /// Its field.
    pub name: String,
    /// Who has it.
    pub service: String,
    /// Path and query there; `{name}` stands for a value of the route.
    pub path: String,
    /// Where in the answer it is (RFC 6901), such as `/items`; all of it where empty.
    pub pick: String,
    /// How long it may take.
    pub timeout: Duration,
    /// What its refusal means.
    pub weight: Weight,
}

/// What a refusal of a part means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// 401, 403 and 404 are the answer to the whole.
    Essential,
    /// The part is missing.
    Additional,
}

/// A part, as a route has it: `{ name = "orders", from = "order-service /orders?customer_id={id}", pick = "/items" }`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pick: String,
    #[serde(default)]
    essential: bool,
    #[serde(default = "patience")]
    timeout_ms: u64,
}

const fn patience() -> u64 {
    PATIENCE_MS
}

impl TryFrom<Written> for Part {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { name, from, pick, essential, timeout_ms } = written;
        let parsed = from.split_once(' ').filter(|(service, path)| !service.is_empty() && path.starts_with('/'));
        let (service, path) = parsed.ok_or_else(|| format!("`{from}` is not a service and a path"))?;
        if !pick.is_empty() && !pick.starts_with('/') {
            return Err(format!("`{pick}` is no JSON pointer: it starts with a slash"));
        }
        let weight = if essential { Weight::Essential } else { Weight::Additional };
        let (service, path, timeout) = (service.to_owned(), path.to_owned(), Duration::from_millis(timeout_ms));
        Ok(Self { name, service, path, pick, timeout, weight })
    }
}

impl From<Part> for Written {
    fn from(part: Part) -> Self {
        Self {
            name: part.name,
            from: format!("{} {}", part.service, part.path),
            pick: part.pick,
            essential: part.weight == Weight::Essential,
            timeout_ms: u64::try_from(part.timeout.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl Part {
    /// The names in braces in its path.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }
}

/// A question to many.
pub struct Gathering<'a> {
    /// What to ask for.
    pub parts: &'a [Part],
    /// The caller's headers, as they go to services.
    pub headers: HeaderMap,
    /// The values of the route's parameters, as they stand in its path.
    pub values: &'a [(&'a str, &'a str)],
    /// Where services are.
    pub resolver: &'a Resolver,
}

/// What one service said.
enum Said {
    Document(Value),
    No(StatusCode, Bytes),
    Nothing,
}

/// Asks all at once; the document, or an essential part's no.
pub async fn gather(proxy: &Proxy, gathering: &Gathering<'_>) -> Result<Answer, Failure> {
    let said = join_all(gathering.parts.iter().map(|part| gathering.ask(proxy, part))).await;
    let (mut document, mut missing) = (Map::new(), Vec::new());
    for (part, said) in gathering.parts.iter().zip(said) {
        match said {
            Said::Document(value) => drop(document.insert(part.name.clone(), value)),
            Said::No(status, body) if part.weight == Weight::Essential => {
                return Ok(Answer::document(status.as_u16(), "application/problem+json", body));
            }
            Said::No(..) | Said::Nothing => missing.push(Value::from(part.name.clone())),
        }
    }
    if !missing.is_empty() {
        metrics::counter!("esb_gather_missing_total").increment(u64::try_from(missing.len()).unwrap_or(0));
    }
    document.insert(MISSING.to_owned(), Value::from(missing));
    Answer::json(200, &document)
}

impl Gathering<'_> {
    async fn ask(&self, proxy: &Proxy, part: &Part) -> Said {
        let Some((url, elsewhere)) = self.url(part) else { return Said::Nothing };
        let outgoing = Outgoing {
            method: Method::GET,
            url,
            elsewhere,
            headers: self.identity(),
            body: Body::Empty,
            timeout: part.timeout,
            repeatable: Repeatable::Yes,
        };
        let answered = async { Some(part.read(proxy.send(outgoing).await.ok()?).await) };
        tokio::time::timeout(part.timeout, answered).await.ok().flatten().unwrap_or(Said::Nothing)
    }

    /// What says who asks, and nothing that is about the one document the caller wants.
    fn identity(&self) -> HeaderMap {
        let said = |name: &HeaderName| IDENTITY.contains(&name.as_str()) || name.as_str().starts_with("x-forwarded-");
        let kept = self.headers.iter().filter(|(name, _)| said(name));
        let json = (ACCEPT, HeaderValue::from_static("application/json"));
        kept.map(|(name, value)| (name.clone(), value.clone())).chain([json]).collect()
    }

    fn url(&self, part: &Part) -> Option<(Url, Elsewhere)> {
        let mut path = part.path.clone();
        for (name, value) in self.values {
            // In a query `&` and `+` would mean something, which in a path they don't.
            let value = value.replace('&', "%26").replace('+', "%2B").replace('#', "%23");
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        let picked = self.resolver.pick(&part.service)?;
        Some((Url::parse(&format!("{}{path}", picked.service.base)).ok()?, picked.into()))
    }
}

impl Part {
    async fn read(&self, response: Response) -> Said {
        let status = response.status();
        let Some(body) = whole(response).await else { return Said::Nothing };
        match status.as_u16() {
            200..300 => self.find(&body).map_or(Said::Nothing, Said::Document),
            401 | 403 | 404 => StatusCode::from_u16(status.as_u16()).map_or(Said::Nothing, |no| Said::No(no, body)),
            _ => Said::Nothing,
        }
    }

    fn find(&self, body: &[u8]) -> Option<Value> {
        let answer: Value = serde_json::from_slice(body).ok()?;
        answer.pointer(&self.pick).cloned()
    }
}

async fn whole(mut response: Response) -> Option<Bytes> {
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.ok()? {
        if body.len() + piece.len() > PART_MAX {
            return None;
        }
        body.extend_from_slice(&piece);
    }
    Some(body.freeze())
}
