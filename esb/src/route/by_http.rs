//! The door for HTTP: a request is found in the table, counted, let in, and becomes one that any door could have made.

use std::sync::Arc;
use std::time::Instant;

use ::http::Method;
use actix_web::http::header::{ALLOW, AUTHORIZATION, HeaderValue};
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, dev};
use chassis::auth::Caller;
use chassis::http::RouteName;
use chassis::{Failure, Kind};

use super::pipeline::{Bus, Passage, Ready};
use super::table::Found;
use crate::endpoint::http_in::{self, Held};
use crate::endpoint::http_out::{Body, Proxy};
use crate::endpoint::message::{Answer, Request};
use crate::messages::{Exchange, WholeBody, record_http};
use crate::policy::{Origin, admit};

/// Takes every request that is not the ESB's own.
pub async fn take(
    request: HttpRequest,
    payload: web::Payload,
    bus: Data<Bus>,
    proxy: Data<Proxy>,
) -> Result<HttpResponse, Failure> {
    let began = Instant::now();
    let method = Method::from_bytes(request.method().as_str().as_bytes()).map_err(|_unknown| nothing_here())?;
    let (ready, values) = match bus.table.find(&method, request.uri().path()) {
        Found::Route(ready, values) => (ready, values),
        Found::Methods(methods) => return Ok(not_with_this_method(&request, &methods)),
        Found::Nothing => return Err(nothing_here()),
    };
    request.extensions_mut().insert(RouteName(ready.route.name.as_str().into()));
    let (payload, held) = Held::take(&request, payload.into_inner());
    let origin = bus.trusted.origin(&request).ok_or_else(nothing_here)?;
    let subject = subject(&request);
    let (standing, counted) = ready.limit.count(subject.as_ref().map(Caller::subject), origin.client);
    let visit = Visit { bus: &bus, proxy: &proxy, ready, values, method, request: &request, origin };
    let answered = match counted {
        Ok(()) => visit.pass(payload).await,
        Err(failure) => Err(failure),
    };
    let mut response = answered.map_or_else(|failure| failure.error_response(), http_in::response);
    standing.write(response.headers_mut());
    ready.record(began.elapsed());
    let caller = subject.as_ref().map(Caller::actor);
    let exchange = Exchange { request: &request, route: &ready.route, caller, began };
    let response = record_http(&bus.messages, &exchange, response);
    Ok(held.until_sent(response))
}

/// A request at the door.
struct Visit<'a> {
    bus: &'a Bus,
    proxy: &'a Proxy,
    ready: &'a Arc<Ready>,
    values: Vec<&'a str>,
    method: Method,
    request: &'a HttpRequest,
    origin: Origin,
}

impl Visit<'_> {
    async fn pass(self, payload: dev::Payload) -> Result<Answer, Failure> {
        let Self { bus, proxy, ready, values, method, request, origin } = self;
        let find = || Caller::from_request(request, &mut dev::Payload::None).into_inner();
        let caller = admit(&ready.route.allow, find)?;
        let headers = http_in::headers(request);
        ready.check_formats(&headers)?;
        let body = ready.intake().open(&headers, payload).await?;
        if let Body::Whole(whole) = &body {
            request.extensions_mut().insert(WholeBody(whole.clone()));
        }
        let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        let request = Request { method, target, headers, origin: Some(origin), body };
        Passage { bus, proxy, ready, values, request, caller }.go().await
    }
}

/// Whoever holds a good token, whether the route asks for one or not.
fn subject(request: &HttpRequest) -> Option<Caller> {
    if !request.headers().contains_key(AUTHORIZATION) {
        return None;
    }
    Caller::from_request(request, &mut dev::Payload::None).into_inner().ok()
}

fn not_with_this_method(request: &HttpRequest, methods: &[&Method]) -> HttpResponse {
    let detail = format!("{} is not for this path", request.method());
    let mut response = Failure::new(Kind::MethodNotAllowed, "method-not-allowed", detail).error_response();
    let mut names = methods.iter().map(|method| method.as_str()).collect::<Vec<_>>();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    if let Ok(allowed) = HeaderValue::from_str(&names.join(", ")) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

fn nothing_here() -> Failure {
    Failure::new(Kind::Missing, "not-found", "there is nothing here; /docs lists what there is")
}
