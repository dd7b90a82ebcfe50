//! Around our own operations: a command under a key is done once, however often it is sent, as on any route.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage, HttpResponse, ResponseError, rt};
use chassis::auth::Caller;
use chassis::http::{BodyLimit, read_body};
use chassis::{Context, Failure, Kind};
use tokio::sync::oneshot;
use tracing::Instrument;

use super::pipeline::Bus;
use crate::endpoint::http_in;
use crate::endpoint::message::Answer;
use crate::policy::{Answered, IdempotencyKey, KEY_HEADER, REPLAYED, Replay, Reserved, Ticket, Wish, digest};

/// Longer than any of them takes: a message that is tried is the longest.
pub(crate) const LEASE: Duration = Duration::from_mins(2);

/// Lets `Who` may in, whose command is done once. Without a key nothing changes.
pub async fn once<Who>(mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse, Error>
where
    Who: FromRequest<Error = Failure> + 'static,
{
    let key = request.headers().get(KEY_HEADER).filter(|_| request.method() == Method::POST).cloned();
    let Some(key) = key else { return next.call(request).await };
    let answered = match reserve::<Who>(&mut request, &key).await {
        Ok((_, Reserved::Again(answered))) => {
            Ok(Answer::from(answered).with(REPLAYED, ::http::HeaderValue::from_static("true")))
        }
        Ok((replay, Reserved::Do(ticket))) => {
            let http = request.request().clone();
            let response = finish(request, next, (replay, ticket)).await;
            return Ok(ServiceResponse::new(http, response));
        }
        Err(failure) => Err(failure),
    };
    let response = answered.map_or_else(|failure| failure.error_response(), http_in::response);
    Ok(request.into_response(response))
}

/// Who may not, or has no body to read, is told so before the key is looked up.
async fn reserve<Who>(request: &mut ServiceRequest, key: &HeaderValue) -> Result<(Replay, Reserved), Failure>
where
    Who: FromRequest<Error = Failure>,
{
    Who::from_request(request.request(), &mut Payload::None).await?;
    let caller = Caller::from_request(request.request(), &mut Payload::None).into_inner()?.actor();
    let key = IdempotencyKey::parse(key.as_bytes())?;
    let limit = request.app_data::<BodyLimit>().copied().unwrap_or_default();
    let body = read_body(request.take_payload(), limit).await?;
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let digest = digest(request.method().as_str(), &target, &body);
    request.set_payload(Payload::from(body));
    let gone = || Failure::internal(Kind::Bug, "internal", &std::io::Error::other("the bus is not there"));
    let replay = request.app_data::<Data<Bus>>().ok_or_else(gone)?.replay.clone();
    let reserved = replay.reserve(Wish { caller, key: &key, target: &target, digest, lease: LEASE }).await?;
    Ok((replay, reserved))
}

/// Does it to its end, even if the caller hangs up.
async fn finish(request: ServiceRequest, next: Next<BoxBody>, (replay, ticket): (Replay, Ticket)) -> HttpResponse {
    let (tell, told) = oneshot::channel();
    let context = Context::current().unwrap_or_else(Context::begin);
    let work = async move {
        let response = match next.call(request).await {
            Ok(response) => response.into_parts().1,
            Err(error) => error.error_response(),
        };
        let answered = whole(response).await;
        replay.settle(&ticket, answered.as_ref().ok()).await;
        drop(tell.send(answered));
    };
    rt::spawn(context.scope(work.in_current_span()));
    let answered = told.await.unwrap_or_else(|_gone| Err(broken_off()));
    answered.map_or_else(|failure| failure.error_response(), |answered| http_in::response(Answer::from(answered)))
}

async fn whole(response: HttpResponse) -> Result<Answered, Failure> {
    let (head, body) = response.into_parts();
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    let headers = head.headers().iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)));
    let (status, headers) = (head.status().as_u16(), headers.collect());
    let body = to_bytes(body.boxed()).await.map_err(|_broken| broken_off())?;
    Ok(Answered { status, headers, body })
}

fn broken_off() -> Failure {
    Failure::internal(Kind::Bug, "internal", &std::io::Error::other("an answer of ours broke off"))
}
