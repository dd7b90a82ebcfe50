//! A request's body, held until its answer has gone out.
//!
//! A chunked body that nobody wants any more would be drained by the server for as long as the caller likes to send it.
//! While somebody holds it, the server closes the connection after the answer instead.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::Stream;

/// A body that can be read and held.
pub struct Held(Option<Rc<RefCell<Payload>>>);

struct Reader(Rc<RefCell<Payload>>);

struct Answer {
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
            Some(held) => response.map_body(|_, body| BoxBody::new(Answer { body, _held: held })),
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

impl MessageBody for Answer {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
