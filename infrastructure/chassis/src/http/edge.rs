//! What every request passes at the door: its identity, limits, authentication, log line, metrics, safe headers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};
use tracing::Instrument;

use super::queries::WithoutQuery;
use crate::auth::{Auth, authenticate};
use crate::{Context, Failure, Kind, REQUEST_ID, Span, TRACEPARENT, trace};

const HEADERS_MAX: usize = 16 * 1024;
const HEADERS_COUNT_MAX: usize = 100;
const URI_MAX: usize = 8 * 1024;
const NOT_HERE: &str = "(none)";
/// For documents; pages bring their own.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const POLICY_OF_DOCS: &str =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// The name of a route that the framework's router does not know, for logs and metrics; kept with the request.
#[derive(Debug, Clone)]
pub struct RouteName(pub Arc<str>);

/// The middleware of every server.
pub(crate) async fn pass<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let context = Context::from_headers(text(request.headers(), REQUEST_ID), text(request.headers(), TRACEPARENT));
    let mut recorded = trace::serving(&context, request.method().as_str(), request.path());
    let context = recorded.context().cloned().unwrap_or(context);
    request.extensions_mut().insert(context.clone());
    let span = tracing::info_span!("request", request.id = context.request_id, trace.id = context.trace_id);
    let request_id = context.request_id.clone();
    let mut response = context.scope(observed(request, next).instrument(span)).await?;
    if recorded.is_recorded() {
        describe(&mut recorded, &response);
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(HeaderName::from_static(REQUEST_ID), value);
    }
    Ok(response)
}

fn describe<B>(recorded: &mut Span, response: &ServiceResponse<B>) {
    let (route, status) = (route_of(response), response.status());
    recorded.rename(|| format!("{} {route}", known_method(response.request().method().as_str())));
    recorded.set("http.route", route);
    recorded.set("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        recorded.set("error.type", status.as_str().to_owned());
        recorded.fail("");
    }
}

async fn observed<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.path().to_owned();
    let mut response = answer(request, next).await?;
    let route = route_of(&response);
    let status = response.status().as_u16();
    protect(&path, response.headers_mut());
    record(&route, method.as_str(), status, began.elapsed());
    if !route.starts_with("/health") && route != "/metrics" {
        let elapsed_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(http.method = %method, http.route = route, http.status = status, elapsed_us, "{method} {route} {status}");
    }
    Ok(response)
}

/// The name that a handler gave the route, else its pattern: a label with few values.
fn route_of<B>(response: &ServiceResponse<B>) -> String {
    let named = response.request().extensions().get::<RouteName>().map(|name| name.0.to_string());
    named.or_else(|| response.request().match_pattern()).unwrap_or_else(|| NOT_HERE.to_owned())
}

/// The handler's answer, or the door's own; the framework's errors are put in our words.
async fn answer<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Err(failure) = admit(&request) {
        return Ok(request.into_response(failure.error_response()));
    }
    if let Some(auth) = request.app_data::<web::Data<Auth>>().cloned() {
        authenticate(&auth, &request).await;
    }
    if let Some(Err(failure)) = request.app_data::<web::Data<WithoutQuery>>().map(|known| known.check(&request)) {
        return Ok(request.into_response(failure.error_response()));
    }
    let response = next.call(request).await?;
    if is_bare_405(&response) {
        return Ok(method_not_allowed(&response));
    }
    let foreign = response.response().error().filter(|error| error.as_error::<Failure>().is_none()).map(own_words);
    match foreign {
        Some(failure) => Ok(ServiceResponse::new(response.request().clone(), failure.error_response())),
        None => Ok(response.map_into_boxed_body()),
    }
}

/// The framework's own answer to a method that a path does not have.
fn is_bare_405<B>(response: &ServiceResponse<B>) -> bool {
    response.status().as_u16() == 405 && !response.headers().contains_key(CONTENT_TYPE)
}

fn method_not_allowed<B>(response: &ServiceResponse<B>) -> ServiceResponse<BoxBody> {
    let detail = format!("{} is not for this path", response.request().method());
    let mut answer = Failure::new(Kind::MethodNotAllowed, "method-not-allowed", detail).error_response();
    if let Some(allowed) = response.headers().get(ALLOW) {
        answer.headers_mut().insert(ALLOW, allowed.clone());
    }
    ServiceResponse::new(response.request().clone(), answer)
}

fn admit(request: &ServiceRequest) -> Result<(), Failure> {
    if request.uri().to_string().len() > URI_MAX {
        return Err(Failure::new(Kind::UriTooLong, "uri-too-long", "the address is longer than 8 KiB: shorten it"));
    }
    let headers = request.headers();
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size > HEADERS_MAX || headers.iter().count() > HEADERS_COUNT_MAX {
        let detail = "the headers are larger than 16 KiB, or more than 100: send less";
        return Err(Failure::new(Kind::HeadersTooLarge, "headers-too-large", detail));
    }
    let encoding = text(headers, CONTENT_ENCODING.as_str()).unwrap_or("identity");
    if !encoding.eq_ignore_ascii_case("identity") {
        let detail = "compressed bodies are not taken: send it without `Content-Encoding`";
        return Err(Failure::new(Kind::UnsupportedMedia, "unsupported-encoding", detail));
    }
    Ok(())
}

/// An error that is not ours (of the framework) in our words.
fn own_words(error: &Error) -> Failure {
    match error.as_response_error().status_code().as_u16() {
        400 => Failure::new(Kind::Malformed, "malformed-request", "the request can't be understood"),
        404 => Failure::new(Kind::Missing, "not-found", "there is nothing here"),
        405 => Failure::new(Kind::MethodNotAllowed, "method-not-allowed", "not with this method"),
        408 => Failure::new(Kind::TooSlow, "request-too-slow", "the request took too long"),
        413 => Failure::new(Kind::TooLarge, "body-too-large", "the body is too large"),
        _ => Failure::internal(Kind::Bug, "internal", &std::io::Error::other(error.to_string())),
    }
}

fn protect(path: &str, headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = if path.starts_with("/docs") { POLICY_OF_DOCS } else { POLICY };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn record(route: &str, method: &str, status: u16, elapsed: Duration) {
    let labels = [("route", route.to_owned()), ("method", known_method(method).to_owned())];
    metrics::histogram!("http_request_seconds", &labels).record(elapsed.as_secs_f64());
    let [route, method] = labels;
    metrics::counter!("http_requests_total", "route" => route.1, "method" => method.1, "status" => status.to_string())
        .increment(1);
}

/// Anybody may invent a method; a label may not grow by that.
fn known_method(method: &str) -> &str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    if known.contains(&method) { method } else { "OTHER" }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
