//! Spans of HTTP, in OpenTelemetry's words: those of requests that come, and of calls to others.

use opentelemetry::trace::SpanKind;
use url::Url;

use super::{Context, Span};

/// The span of a request that came; the platform's own questions are not worth one.
pub(crate) fn serving(context: &Context, method: &str, path: &str) -> Span {
    if path.starts_with("/health") || path == "/metrics" {
        return Span::default();
    }
    let mut span = Span::under(context, SpanKind::Server, "");
    span.set_with("http.request.method", || method.to_owned());
    span.set_with("url.path", || path.to_owned());
    span.set("url.scheme", "http");
    span
}

/// The span of a call to somebody else. What stands in the query may be private.
pub fn calling(method: &str, url: &str) -> Span {
    let mut span = Span::begin(SpanKind::Client, "");
    if !span.is_recorded() {
        return span;
    }
    span.rename(|| method.to_owned());
    span.set("http.request.method", method.to_owned());
    span.set("url.full", url.split(['?', '#']).next().unwrap_or(url).to_owned());
    if let Ok(url) = Url::parse(url) {
        span.set("server.address", url.host_str().unwrap_or("").to_owned());
        span.set("server.port", i64::from(url.port_or_known_default().unwrap_or(0)));
    }
    span
}

/// Which status the call was answered with; what is no success is an error to who called.
pub fn answered(span: &mut Span, status: u16) {
    span.set("http.response.status_code", i64::from(status));
    if status >= 400 {
        span.set_with("error.type", || status.to_string());
        span.fail("");
    }
}
