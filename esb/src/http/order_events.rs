//! `GET /orders/{id}/events`: an order's way, as it goes.

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use chassis::auth::Caller;
use chassis::http::IdPath;
use chassis::{Answer, Failure, Kind};
use contracts::{Order, Problem};
use futures_util::stream::{once, unfold};
use futures_util::{Stream, StreamExt};

use super::Streaming;
use super::streaming::{frames, last_seen};
use crate::endpoint::order_events::Watch;
use crate::endpoint::services::{Services, Silence};
use crate::endpoint::sse_out::{Seat, respond};

const SCOPE: &str = "orders:place";
const OWNER: &str = "order-service";

/// Every change of an order's status as it happens: an event's name is its type, its `data` the `CloudEvent`. A stream
/// that broke off goes on behind `Last-Event-ID`, at any instance; without one it begins with what is kept of the past.
#[utoipa::path(get, path = "/orders/{id}/events", operation_id = "watch_order", tag = "orders",
    params(
        ("id" = contracts::Id<Order>, Path, description = "the order's id"),
        ("Last-Event-ID" = Option<uuid::Uuid>, Header, description = "the last event that was seen"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn watch(
    caller: Caller,
    IdPath(order): IdPath<Order>,
    request: HttpRequest,
    streaming: Data<Streaming>,
) -> Result<HttpResponse, Failure> {
    if !caller.has_role("customer") {
        caller.operator_or(SCOPE)?;
    }
    streaming.count(&caller, &request)?;
    let seat = streaming.seats.take(caller.subject())?;
    let answer = ask(&streaming.services, &request, order).await?;
    if !answer.status.is_success() {
        return no(&answer);
    }
    let after = last_seen(&request).flatten();
    let watch = streaming.orders.open(order.uuid(), after).await.map_err(|error| unavailable(&error))?;
    Ok(respond(pieces(watch, seat), streaming.ends(&caller)))
}

/// Whose the order is, and who may see it, order-service says.
async fn ask(services: &Services, request: &HttpRequest, order: contracts::Id<Order>) -> Result<Answer, Failure> {
    let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = services.ask_as(authorization, OWNER, &format!("/orders/{order}")).await;
    asked.map_err(|silence: Silence| unavailable(&silence))
}

/// As the service put it.
fn no(answer: &Answer) -> Result<HttpResponse, Failure> {
    let status = StatusCode::from_u16(answer.status.as_u16()).ok().filter(StatusCode::is_client_error);
    let status = status.ok_or_else(|| {
        let detail = "the order can't be looked at right now: try again in a moment";
        Failure::new(Kind::Unavailable, "service-unavailable", detail).retry_after(std::time::Duration::from_secs(1))
    })?;
    Ok(HttpResponse::build(status).content_type("application/problem+json").body(answer.body.clone()))
}

fn unavailable(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::internal(Kind::Unavailable, "unavailable", error)
}

fn pieces(mut watch: Watch, seat: Seat) -> impl Stream<Item = Bytes> {
    let past = frames(&std::mem::take(&mut watch.past));
    let future = unfold((watch, seat), |(mut watch, seat)| async move {
        let event = watch.next().await?;
        Some((frames(&[event]), (watch, seat)))
    });
    once(async move { past }).filter(|past| std::future::ready(!past.is_empty())).chain(future)
}
