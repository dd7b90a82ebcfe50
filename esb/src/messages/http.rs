//! What is noted of a request and its answer.

use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use bytes::Bytes;
use chassis::{Clock, Context};
use chrono::TimeDelta;

use super::Messages;
use super::load::Load;
use super::passed::{Door, Outcome, Passed};
use super::redact::holds_credentials;
use crate::route::{Format, Route};

/// A request's body that was read whole; kept with the request.
#[derive(Debug, Clone)]
pub struct WholeBody(pub Bytes);

/// A request that has been answered.
pub struct Exchange<'a> {
    /// The request.
    pub request: &'a HttpRequest,
    /// The route that took it.
    pub route: &'a Route,
    /// Such as `customer:<id>`.
    pub caller: Option<String>,
    /// When it came.
    pub began: Instant,
}

/// Notes the exchange; the answer goes on as it is.
pub fn record_http(messages: &Messages, exchange: &Exchange<'_>, response: HttpResponse) -> HttpResponse {
    if !messages.is_on() {
        return response;
    }
    let elapsed = exchange.began.elapsed();
    let (response, answer) = look_at(response);
    let context = exchange.request.extensions().get::<Context>().cloned().unwrap_or_else(Context::begin);
    let private = exchange.is_private();
    let shown = |load: Load| if private { Load::of_size(load.size) } else { load };
    let status = response.status().as_u16();
    messages.record(Passed {
        at: Clock::real().now() - whole_us(elapsed),
        route: exchange.route.name.clone(),
        door: Door::Http,
        operation: format!("{} {}", exchange.request.method(), exchange.request.path()),
        status: Some(status),
        outcome: Outcome::of_status(status),
        elapsed,
        request_id: context.request_id,
        trace_id: context.trace_id,
        caller: exchange.caller.clone(),
        request: shown(exchange.load()),
        answer: shown(answer),
    });
    response
}

/// Times have at most six digits of a second.
pub fn whole_us(elapsed: Duration) -> TimeDelta {
    i64::try_from(elapsed.as_micros()).map_or(TimeDelta::zero(), TimeDelta::microseconds)
}

impl Exchange<'_> {
    /// Where credentials go in or out, and where we do not know the format, bodies are nobody's business.
    fn is_private(&self) -> bool {
        self.route.format == Format::Any || holds_credentials(self.request.path())
    }

    fn load(&self) -> Load {
        if let Some(WholeBody(bytes)) = self.request.extensions().get::<WholeBody>() {
            return Load::whole(bytes.clone());
        }
        let announced = self.request.headers().get(CONTENT_LENGTH);
        Load::of_size(announced.and_then(|value| value.to_str().ok()?.parse().ok()))
    }
}

/// The body, where it is in memory.
fn look_at(response: HttpResponse) -> (HttpResponse, Load) {
    let (head, body) = response.into_parts();
    let size = match body.size() {
        BodySize::Sized(size) => Some(size),
        // No body at all is not the same as an empty one.
        BodySize::None => return (head.set_body(body), Load::of_size(Some(0))),
        BodySize::Stream => None,
    };
    match body.try_into_bytes() {
        Ok(bytes) => (head.set_body(BoxBody::new(bytes.clone())), Load::whole(bytes)),
        Err(body) => (head.set_body(body), Load::of_size(size)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_to_the_microsecond() {
        let cases = [(0, 0), (999, 0), (1_000, 1), (1_234_567_891, 1_234_567)];
        for (ns, us) in cases {
            assert_eq!(whole_us(Duration::from_nanos(ns)), TimeDelta::microseconds(us), "{ns}");
        }
    }
}
