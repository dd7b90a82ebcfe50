//! What was done, how long it took, and below what.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::time::Instant;

use futures_util::future::Either;
use opentelemetry::trace::{Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::context::{Context, Standing, random_hex};
use super::export;
use crate::Clock;

/// A span under way; it ends when this is dropped. Where traces go nowhere, or this one is not recorded, it is nothing.
#[derive(Default)]
pub struct Span(Option<Box<Recorded>>);

struct Recorded {
    data: SpanData,
    began: Instant,
    /// What runs within it.
    context: Context,
}

impl Span {
    /// A span below what this code runs for; nothing, where that is no request.
    pub fn begin(kind: SpanKind, name: impl Into<Cow<'static, str>>) -> Self {
        if !export::is_on() {
            return Self(None);
        }
        Context::current().map_or(Self(None), |context| Self::under(&context, kind, name))
    }

    /// A span below `context`, or at the root of the trace that begins with it.
    pub fn under(context: &Context, kind: SpanKind, name: impl Into<Cow<'static, str>>) -> Self {
        let is_wanted = export::is_on() && context.is_sampled();
        Self(is_wanted.then(|| Recorded::new(context, kind, name.into())).flatten().map(Box::new))
    }

    /// The span of work that serves all of these at once: below the one that is alone, else at the root of a trace of
    /// its own, linked to each; nothing, where none is recorded.
    pub fn shared<'a>(served: impl IntoIterator<Item = &'a Context>, kind: SpanKind, name: &'static str) -> Self {
        let mut served = served.into_iter().filter(|context| context.is_recorded());
        let Some(first) = served.next() else { return Self(None) };
        let Some(second) = served.next() else { return Self::under(first, kind, name) };
        let mut span = Self::under(&Context::begin(), kind, name);
        [first, second].into_iter().chain(served).for_each(|one| span.link(one));
        span
    }

    /// Whether it is more than nothing.
    pub const fn is_recorded(&self) -> bool {
        self.0.is_some()
    }

    /// The context of what runs within it.
    pub fn context(&self) -> Option<&Context> {
        self.0.as_ref().map(|recorded| &recorded.context)
    }

    /// Does `work` within it.
    pub fn within<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        match self.context().cloned() {
            Some(context) => Either::Left(context.scope(work)),
            None => Either::Right(work),
        }
    }

    /// Says more about it, in the words of OpenTelemetry's conventions.
    pub fn set(&mut self, key: &'static str, value: impl Into<Value>) {
        if let Some(recorded) = &mut self.0 {
            recorded.data.attributes.push(KeyValue::new(key, value));
        }
    }

    /// The same, of what takes some work to say.
    pub fn set_with<V: Into<Value>>(&mut self, key: &'static str, value: impl FnOnce() -> V) {
        if self.is_recorded() {
            self.set(key, value());
        }
    }

    /// Gives it another name, now that one is known.
    pub fn rename(&mut self, name: impl FnOnce() -> String) {
        if let Some(recorded) = &mut self.0 {
            recorded.data.name = name().into();
        }
    }

    /// It did not do what it was to do.
    pub fn fail(&mut self, why: impl fmt::Display) {
        if let Some(recorded) = &mut self.0 {
            recorded.data.status = Status::error(why.to_string());
        }
    }

    /// The outcome as it is; where it is an error, the span has failed.
    pub fn note<T, E: fmt::Display>(&mut self, outcome: Result<T, E>) -> Result<T, E> {
        if let Err(error) = &outcome {
            self.fail(error);
        }
        outcome
    }

    /// It serves that one, too: several share a batch.
    fn link(&mut self, other: &Context) {
        if let (Some(recorded), Some(other)) = (&mut self.0, span_context(other)) {
            recorded.data.links.links.push(Link::with_context(other));
        }
    }
}

impl Recorded {
    fn new(context: &Context, kind: SpanKind, name: Cow<'static, str>) -> Option<Self> {
        let parent = match context.standing {
            Standing::Begun => SpanId::INVALID,
            Standing::Called | Standing::Recorded => SpanId::from_hex(&context.parent_id).ok()?,
        };
        let own = context.within(random_hex(8));
        let start = Clock::real().now().into();
        let data = SpanData {
            span_context: span_context(&own)?,
            parent_span_id: parent,
            parent_span_is_remote: context.standing == Standing::Called,
            span_kind: kind,
            name,
            start_time: start,
            end_time: start,
            attributes: Vec::new(),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: InstrumentationScope::builder("chassis").build(),
        };
        Some(Self { data, began: Instant::now(), context: own })
    }
}

fn span_context(context: &Context) -> Option<SpanContext> {
    let trace_id = TraceId::from_hex(&context.trace_id).ok()?;
    let span_id = SpanId::from_hex(&context.parent_id).ok()?;
    Some(SpanContext::new(trace_id, span_id, TraceFlags::new(context.flags), false, TraceState::NONE))
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(recorded) = self.0.take() {
            let Recorded { mut data, began, .. } = *recorded;
            // By the clock that never goes back.
            data.end_time = data.start_time.checked_add(began.elapsed()).unwrap_or(data.start_time);
            export::send(data);
        }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Span").field(&self.0.as_ref().map(|recorded| &recorded.data.name)).finish()
    }
}
