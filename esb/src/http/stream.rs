//! `GET /esb/stream`: what passes the bus right now.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::Query;
use contracts::Problem;
use futures_util::Stream;
use futures_util::stream::{select, unfold};
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;

use super::Streaming;
use super::streaming::{frames, last_seen};
use crate::endpoint::order_events::Trail;
use crate::endpoint::sse_out::{Seat, Sent, respond};
use crate::messages::{Live, Messages, Outcome};

/// Which of it.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StreamQuery {
    /// Only messages of this route.
    route: Option<String>,
    /// Only messages with this outcome.
    #[param(inline)]
    outcome: Option<Outcome>,
}

/// Who asks, and behind which event.
type Asked = (Operator, HttpRequest);

/// What passes this instance of the bus, as it passes: events `message` (its data like an item of `/esb/messages`)
/// and `saga`, which have no id; and what happens to orders, at any instance: an event's name is its type, its
/// `data` the `CloudEvent`, and its id says where a stream that broke off goes on behind `Last-Event-ID` (from the
/// first event that is kept where that is not known; without one, from now on). With a filter, messages only. A
/// reader who can't keep up gets an event `lagged` with the number of messages and sagas missed.
#[utoipa::path(get, path = "/esb/stream", operation_id = "watch_bus", tag = "esb",
    params(
        StreamQuery,
        ("Last-Event-ID" = Option<uuid::Uuid>, Header, description = "the last event of an order that was seen"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn watch(
    asked: Asked,
    Query(query): Query<StreamQuery>,
    messages: Data<Messages>,
    streaming: Data<Streaming>,
) -> Result<HttpResponse, Failure> {
    let (Operator(caller), request) = asked;
    let seat = streaming.seats.take(caller.subject())?;
    let ends = streaming.ends(&caller);
    if query.is_narrow() {
        return Ok(respond(pieces(query, messages.flow().watch(), seat), ends));
    }
    let trail = streaming.orders.open_all(last_seen(&request)).await;
    Ok(respond(select(happened(trail), pieces(query, messages.flow().watch(), seat)), ends))
}

/// What happens to orders.
fn happened(trail: Trail) -> impl Stream<Item = Bytes> {
    unfold(trail, |mut trail| async move {
        let page = trail.next().await?;
        Some((frames(&page), trail))
    })
}

fn pieces(query: StreamQuery, flow: Receiver<Arc<Live>>, seat: Seat) -> impl Stream<Item = Bytes> {
    unfold((query, flow, seat), |(query, mut flow, seat)| async move {
        let piece = loop {
            match flow.recv().await {
                Ok(live) if query.wants(&live) => break frame(&live),
                Ok(_other) => {}
                Err(RecvError::Lagged(missed)) => break lagged(missed),
                Err(RecvError::Closed) => return None,
            }
        };
        Some((piece, (query, flow, seat)))
    })
}

impl StreamQuery {
    const fn is_narrow(&self) -> bool {
        self.route.is_some() || self.outcome.is_some()
    }

    fn wants(&self, live: &Live) -> bool {
        let route = self.route.is_none() || self.route == live.route;
        route && (self.outcome.is_none() || self.outcome == live.outcome)
    }
}

fn frame(live: &Live) -> Bytes {
    let mut text = String::new();
    Sent { id: None, name: live.kind, data: &live.data }.write(&mut text);
    text.into()
}

/// Without an id: there is nothing to come back to.
fn lagged(missed: u64) -> Bytes {
    format!("event: lagged\ndata: {{\"missed\":{missed}}}\n\n").into()
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use tokio::sync::broadcast;

    use super::*;
    use crate::endpoint::sse_out::Seats;
    use crate::settings::Streams;

    fn live(number: usize) -> Arc<Live> {
        let route = Some(format!("r{}", number % 2));
        Arc::new(Live { kind: "message", route, outcome: None, data: number.to_string() })
    }

    #[actix_web::test]
    async fn a_reader_who_lags_is_told_and_goes_on() {
        let (flow, behind) = broadcast::channel(4);
        let seat = Seats::new(&Streams { per_caller: 1, max: 1 }).take("x").unwrap();
        assert!((0..10).all(|number| flow.send(live(number)).is_ok()));
        let query = StreamQuery { route: Some("r1".to_owned()), outcome: None };
        let mut pieces = Box::pin(pieces(query, behind, seat));
        assert_eq!(pieces.next().await.unwrap(), "event: lagged\ndata: {\"missed\":6}\n\n");
        assert_eq!(pieces.next().await.unwrap(), "event: message\ndata: 7\n\n");
        drop(flow);
        assert_eq!(pieces.next().await.unwrap(), "event: message\ndata: 9\n\n");
        assert_eq!(pieces.next().await, None);
    }
}
