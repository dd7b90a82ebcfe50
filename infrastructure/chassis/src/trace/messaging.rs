//! Spans of messages, in OpenTelemetry's words.

use opentelemetry::trace::SpanKind;

use super::{Context, Span};

const SYSTEM: (&str, &str) = ("messaging.system", "rabbitmq");

/// The span of publishing below `context`.
pub fn publishing(context: &Context, exchange: &str, key: &str) -> Span {
    let mut span = Span::under(context, SpanKind::Producer, "");
    if !span.is_recorded() {
        return span;
    }
    // Into a queue, mostly one that a client has made for its answers: each has another name.
    let (name, destination) = if exchange.is_empty() { ("(anonymous)", key) } else { (exchange, exchange) };
    span.rename(|| format!("publish {name}"));
    describe(&mut span, "send", destination);
    span.set("messaging.rabbitmq.destination.routing_key", key.to_owned());
    span
}

/// The span of working on a message out of `queue` that came with `context`.
pub fn processing(context: &Context, queue: &str, key: &str) -> Span {
    let mut span = Span::under(context, SpanKind::Consumer, "");
    if !span.is_recorded() {
        return span;
    }
    span.rename(|| format!("process {queue}"));
    describe(&mut span, "process", queue);
    span.set("messaging.rabbitmq.destination.routing_key", key.to_owned());
    span
}

fn describe(span: &mut Span, operation: &'static str, destination: &str) {
    span.set(SYSTEM.0, SYSTEM.1);
    span.set("messaging.operation.name", operation);
    span.set("messaging.operation.type", operation);
    span.set("messaging.destination.name", destination.to_owned());
}
