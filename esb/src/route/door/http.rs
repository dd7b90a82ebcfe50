//! The door for HTTP: a request is found in the table, counted, let in, and becomes one that any door could have made.

use std::sync::Arc;
use std::time::Instant;

use ::http::Method;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderValue, VARY};
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, dev};
use chassis::auth::Caller;
use chassis::http::RouteName;
use chassis::{Failure, Kind};

use crate::endpoint::http_in::{self, Held};
use crate::endpoint::http_out::{Body, Proxy};
use crate::endpoint::message::{Answer, Request};
use crate::messages::{Door, Exchange, WholeBody, record_http};
use crate::policy::{Formats, Origin, admit};
use crate::route::door::login::{Known, Logins, basic};
use crate::route::file::Format;
use crate::route::mediation::{is_problem, problem};
use crate::route::pipeline::{Bus, Passage, Ready};
use crate::route::table::Found;
use crate::settings::Credentials;

/// Takes every request that is not the ESB's own.
pub async fn take(
    request: HttpRequest,
    payload: web::Payload,
    (bus, proxy): (Data<Bus>, Data<Proxy>),
    logins: Data<Logins>,
) -> HttpResponse {
    let answered = answer(&request, payload, (&bus, &proxy), &logins).await;
    answered.unwrap_or_else(|failure| spoken(&request, failure.error_response()))
}

async fn answer(
    request: &HttpRequest,
    payload: web::Payload,
    (bus, proxy): (&Bus, &Proxy),
    logins: &Logins,
) -> Result<HttpResponse, Failure> {
    let began = Instant::now();
    let method = Method::from_bytes(request.method().as_str().as_bytes()).map_err(|_unknown| nothing_here())?;
    let (ready, values) = match bus.table.find(&method, request.uri().path()) {
        Found::Route(ready, values) => (ready, values),
        Found::Methods(methods) => return Ok(spoken(request, not_with_this_method(request, &methods))),
        Found::Nothing => return Err(nothing_here()),
    };
    request.extensions_mut().insert(RouteName(ready.route.name.as_str().into()));
    let (payload, held) = Held::take(request, payload.into_inner());
    let origin = bus.trusted.origin(request).ok_or_else(nothing_here)?;
    let welcomed = welcome(request, (ready, origin), logins).await;
    let subject = subject(request);
    let (standing, counted) = ready.limit.count(subject.as_ref().map(Caller::subject), origin.client);
    let visit = Visit { bus, proxy, ready, values, method, request, origin };
    let answered = match counted.and(welcomed) {
        Ok(()) => visit.pass(payload).await,
        Err(failure) => Err(failure),
    };
    let mut response = answered.map_or_else(|failure| failure.error_response(), http_in::response);
    if let Some(Shown { token, by, .. }) = request.extensions().get().filter(|_| response.status() == 401) {
        logins.machines.forget(by, token);
    }
    if ready.route.format == Format::Document {
        response = spoken(request, response);
        response.headers_mut().append(VARY, HeaderValue::from_static("accept"));
    }
    standing.write(response.headers_mut());
    ready.record(Door::Http, response.status().as_u16(), began.elapsed());
    let caller = subject.as_ref().map(Caller::actor);
    let exchange = Exchange { request, route: &ready.route, caller, began };
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
        let mut headers = http_in::headers(request);
        if let Some(shown) = request.extensions().get::<Shown>() {
            headers.insert(::http::header::AUTHORIZATION, shown.line.clone());
        }
        let interpreter = ready.interpreter(bus, &headers)?;
        let mut body = ready.intake().open(&headers, payload).await?;
        if let Some(interpreter) = &interpreter {
            body = interpreter.read(&mut headers, body).await?;
        }
        if let Body::Whole(whole) = &body {
            request.extensions_mut().insert(WholeBody(whole.clone()));
        }
        let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        let request = Request { method, target, headers, origin: Some(origin), body };
        let answer = Passage { bus, proxy, ready, values, request, caller }.go().await?;
        match &interpreter {
            Some(interpreter) => interpreter.write(answer).await,
            None => Ok(answer),
        }
    }
}

/// What a service is to be shown of who asked by a secret.
struct Shown {
    line: ::http::HeaderValue,
    token: Arc<str>,
    by: Credentials,
}

/// Takes a machine client's secret for its token, where somebody is asked who they are. Where secrets are exchanged for
/// tokens, they are passed on.
async fn welcome(request: &HttpRequest, (ready, origin): (&Ready, Origin), logins: &Logins) -> Result<(), Failure> {
    let nobody = || Err(Failure::new(Kind::Unauthorised, "authentication-required", "nobody is asked"));
    let is_open = admit(&ready.route.allow, nobody).is_ok();
    let Some(shown) = request.headers().get(AUTHORIZATION).filter(|_| !is_open).and_then(basic) else { return Ok(()) };
    let challenged = |failure: Failure| match failure.kind() {
        Kind::Unauthorised => failure.challenge(r#"Basic realm="ecommerce-soa", charset="UTF-8""#),
        _ => failure,
    };
    let by = shown.map_err(challenged)?;
    let Known { token, caller } = logins.login(&by, (origin, &mut None)).await.map_err(challenged)?;
    let mut line = ::http::HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
    line.set_sensitive(true);
    request.extensions_mut().insert(Shown { line, token, by });
    caller.came_with(request);
    Ok(())
}

/// Whoever holds a good token, whether the route asks for one or not.
fn subject(request: &HttpRequest) -> Option<Caller> {
    if !request.headers().contains_key(AUTHORIZATION) {
        return None;
    }
    Caller::from_request(request, &mut dev::Payload::None).into_inner().ok()
}

/// A problem of ours, in the format that the caller wants.
pub fn spoken(request: &HttpRequest, response: HttpResponse) -> HttpResponse {
    let said = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !said.is_some_and(is_problem) {
        return response;
    }
    let wanted = Formats::of_any_answer(&http_in::headers(request));
    if !wanted.is_xml() {
        return response;
    }
    let (head, body) = response.into_parts();
    let json = match body.try_into_bytes() {
        Ok(json) => json,
        Err(body) => return head.set_body(body),
    };
    let Ok(xml) = problem(&json) else { return head.set_body(BoxBody::new(json)) };
    let mut response = head.set_body(BoxBody::new(xml));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(wanted.problem_type()));
    response
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
