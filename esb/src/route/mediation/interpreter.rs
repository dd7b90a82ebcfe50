//! Turns the documents of one request: what comes in into JSON, what goes out into what the caller wants.

use std::sync::Arc;

use ::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, TRANSFER_ENCODING};
use bytes::Bytes;
use chassis::trace::SpanKind;
use chassis::{Failure, Kind, Span};
use contracts::FieldError;
use transform::{Broken, Plan};

use super::Mediator;
use super::catalog::{DOCUMENT_MAX, Operation};
use crate::endpoint::http_out::{Body, gather};
use crate::endpoint::message::{Answer, Content};
use crate::policy::{Formats, Media};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// For one request.
#[derive(Debug, Clone)]
pub struct Interpreter {
    formats: Formats,
    /// `None` where both sides speak JSON.
    operation: Option<Arc<Operation>>,
}

impl Interpreter {
    /// For a request to this route; fails before anything is done where a document could not be turned.
    pub fn new(mediator: &Mediator, route: &str, formats: Formats) -> Result<Self, Failure> {
        let turns = formats.goes.is_xml() || formats.comes.is_some_and(Media::is_xml);
        let operation = if turns { Some(Arc::clone(mediator.catalog().operation(route)?)) } else { None };
        Ok(Self { formats, operation })
    }

    /// The body as the service takes it, with the headers that say so.
    pub async fn read(&self, headers: &mut HeaderMap, body: Body) -> Result<Body, Failure> {
        let Some(operation) = &self.operation else { return Ok(body) };
        headers.insert(ACCEPT, JSON);
        if !self.formats.comes.is_some_and(Media::is_xml) {
            return Ok(body);
        }
        let plan = operation.request.as_ref().ok_or_else(no_body)?;
        let json = to_json(plan, &body.gather().await?)?;
        headers.insert(CONTENT_TYPE, JSON);
        headers.remove(TRANSFER_ENCODING);
        headers.insert(CONTENT_LENGTH, HeaderValue::from(json.len()));
        Ok(Body::Whole(json))
    }

    /// A whole message as the bus takes it: parameters and body in one document.
    pub fn read_message(&self, body: &[u8]) -> Result<Bytes, Failure> {
        if !self.formats.comes.is_some_and(Media::is_xml) {
            return Ok(Bytes::copy_from_slice(body));
        }
        let plan = self.operation.as_ref().and_then(|operation| operation.message.as_ref()).ok_or_else(no_body)?;
        let _span = Span::begin(SpanKind::Internal, "transform xml to json");
        let mut json = Vec::with_capacity(body.len());
        // What the document is, the routing key has said.
        plan.any_root_to_json(body, &mut json).map_err(refused)?;
        Ok(Bytes::from(json))
    }

    /// The answer as the caller wants it.
    pub async fn write(&self, answer: Answer) -> Result<Answer, Failure> {
        let Some(operation) = self.operation.as_ref().filter(|_| self.formats.goes.is_xml()) else { return Ok(answer) };
        let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if Media::named(content_type) != Some(Media::Json) {
            return Ok(answer);
        }
        let is_problem = is_problem(content_type);
        let Answer { status, mut headers, content } = answer;
        let content = match content {
            // How long it would be as XML is not known.
            Content::Withheld(_) => Content::Withheld(None),
            Content::Whole(json) => Content::Whole(turn(operation, (status.as_u16(), is_problem), &json)?),
            Content::Streaming(response) => {
                let json = gather(response, DOCUMENT_MAX).await?;
                Content::Whole(turn(operation, (status.as_u16(), is_problem), &json)?)
            }
        };
        let goes = self.formats.goes;
        let named = if is_problem { goes.problem_type() } else { goes.content_type() };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(named));
        Ok(Answer { status, headers, content })
    }
}

fn turn(operation: &Operation, (status, is_problem): (u16, bool), json: &[u8]) -> Result<Bytes, Failure> {
    if is_problem {
        return problem(json);
    }
    let Some(plan) = operation.answer(status) else {
        let why = std::io::Error::other(format!("a {status} is not in the service's description"));
        return Err(Failure::internal(Kind::BadGateway, "bad-gateway", &why));
    };
    let _span = Span::begin(SpanKind::Internal, "transform json to xml");
    let mut xml = Vec::with_capacity(json.len() * 2);
    plan.to_xml(json, &mut xml).map_err(|broken| Failure::internal(Kind::BadGateway, "bad-gateway", &broken))?;
    Ok(Bytes::from(xml))
}

/// Whether this `Content-Type` is that of a problem in JSON.
pub fn is_problem(content_type: &str) -> bool {
    content_type.trim().to_ascii_lowercase().starts_with("application/problem+json")
}

/// A problem as XML (RFC 9457, appendix B).
pub fn problem(json: &[u8]) -> Result<Bytes, Failure> {
    let xml = transform::problem_to_xml(json);
    xml.map(Bytes::from).map_err(|broken| Failure::internal(Kind::BadGateway, "bad-gateway", &broken))
}

fn to_json(plan: &Plan, xml: &[u8]) -> Result<Bytes, Failure> {
    let _span = Span::begin(SpanKind::Internal, "transform xml to json");
    let mut json = Vec::with_capacity(xml.len());
    plan.to_json(xml, &mut json).map_err(refused)?;
    Ok(Bytes::from(json))
}

/// What the caller is told of a document that can't be taken.
pub fn refused(broken: Broken) -> Failure {
    let (line, column) = (broken.line, broken.column);
    let detail = format!("the body is not XML that can be taken: {broken}");
    let failure = match broken.kind {
        transform::Kind::Malformed | transform::Kind::Limit => Failure::new(Kind::Malformed, "malformed-body", detail),
        transform::Kind::Encoding => Failure::new(Kind::UnsupportedMedia, "unsupported-media-type", detail),
        transform::Kind::TooBig => Failure::new(Kind::TooLarge, "body-too-large", detail),
        transform::Kind::Schema => Failure::invalid(vec![FieldError::new(broken.pointer, broken.detail)]),
    };
    failure.at(line, column)
}

fn no_body() -> Failure {
    Failure::new(Kind::UnsupportedMedia, "unsupported-media-type", "this takes no document as XML: send none, or JSON")
}
