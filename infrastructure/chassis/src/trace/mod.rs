//! Traces: who a request is, wherever it leads ([`Context`]), and what was done for it, how long that took and below
//! what ([`Span`]), for a collector that speaks OTLP. Where no collector is set, no span is made.
//!
//! The context is the truth. A span is only ever made below one, and what goes out from within the span names it as its
//! parent, so that what others record joins the same tree.

mod context;
mod export;
mod http;
mod messaging;
mod span;
mod sql;

pub(crate) use export::export_to;
pub(crate) use http::serving;

pub use context::{Context, REQUEST_ID, TRACEPARENT};
pub use http::{answered, calling};
pub use messaging::{processing, publishing};
pub use opentelemetry::trace::SpanKind;
pub use span::Span;
pub use sql::Statement;
