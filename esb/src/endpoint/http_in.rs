//! Requests that come in by HTTP, put in the words that all ways in share, and their answers put in HTTP's.
//!
//! A request's body is held until its answer has gone out: a chunked body that nobody wants any more would be drained by the server for as long as the caller likes to send it.
//! While somebody holds it, the server closes the connection after the answer instead.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use ::http::HeaderMap;
use ::http::header::{HeaderName, HeaderValue};
use actix_web::body::{BodySize, BodyStream, BoxBody, MessageBody, SizedStream};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::empty;

use super::message::{Answer, Content};

/// The headers of the request; what can't be one on the way out is left out.
pub fn headers(request: &HttpRequest) -> HeaderMap {
    let lines = request.headers();
    let mut headers = HeaderMap::with_capacity(lines.len());
    for (name, value) in lines {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    headers
}

/// The answer, on its way to the caller.
pub fn response(answer: Answer) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(answer.status.as_u16());
    let mut builder = HttpResponse::build(status.unwrap_or(actix_web::http::StatusCode::BAD_GATEWAY));
    for (name, value) in &answer.headers {
        builder.append_header((name.as_str(), value.as_bytes()));
    }
    match answer.content {
        Content::Whole(body) => builder.body(body),
        Content::Withheld(Some(length)) => builder.body(SizedStream::new(length, empty::<Result<_, PayloadError>>())),
        Content::Withheld(None) => builder.finish(),
        Content::Streaming(response) => match response.content_length() {
            Some(length) => builder.body(SizedStream::new(length, response.bytes_stream())),
            None => builder.body(BodyStream::new(response.bytes_stream())),
        },
    }
}

/// A body that can be read and held.
pub struct Held(Option<Rc<RefCell<Payload>>>);

struct Reader(Rc<RefCell<Payload>>);

struct Sent {
    body: BoxBody,
    _held: Rc<RefCell<Payload>>,
}

impl Held {
    /// The body to be read, and the hold on it.
    pub fn take(request: &HttpRequest, payload: Payload) -> (Payload, Self) {
        if !request.headers().contains_key(TRANSFER_ENCODING) {
            return (payload, Self(None));
        }
        let held = Rc::new(RefCell::new(payload));
        let reader: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(Reader(Rc::clone(&held)));
        (Payload::from(reader), Self(Some(held)))
    }

    /// The answer, which lets go of the body when it is through.
    pub fn until_sent(self, response: HttpResponse) -> HttpResponse {
        match self.0 {
            Some(held) => response.map_body(|_, body| BoxBody::new(Sent { body, _held: held })),
            None => response,
        }
    }
}

impl Stream for Reader {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(context)
    }
}

impl MessageBody for Sent {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
