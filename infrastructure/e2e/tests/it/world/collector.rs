//! A collector of traces, as OTLP has it: takes spans, and shows each trace as a tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message;

type Spans = Data<Mutex<Vec<Seen>>>;

/// A span that came in.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    trace: String,
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) service: String,
    pub(crate) instance: String,
    pub(crate) name: String,
    kind: i32,
    attributes: BTreeMap<String, String>,
}

/// All spans of a trace so far.
#[derive(Debug)]
pub(crate) struct Trace(Vec<Seen>);

/// The collector.
pub(crate) struct Collector {
    pub(crate) url: String,
    spans: Spans,
    server: ServerHandle,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let spans = Spans::default();
        let shared = spans.clone();
        let server = HttpServer::new(move || {
            let take = web::post().to(take);
            let limit = web::PayloadConfig::new(64 << 20);
            App::new().app_data(limit).app_data(shared.clone()).route("/v1/traces", take)
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, spans, server: handle }
    }

    /// Spans of this name, of any trace.
    pub(crate) fn named(&self, name: &str) -> Vec<Seen> {
        self.spans.lock().unwrap().iter().filter(|span| span.name == name).cloned().collect()
    }

    pub(crate) fn trace(&self, id: &str) -> Trace {
        Trace(self.spans.lock().unwrap().iter().filter(|span| span.trace == id).cloned().collect())
    }

    /// The trace that the span is of.
    pub(crate) fn trace_of(&self, span: &Seen) -> Trace {
        self.trace(&span.trace)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn take(body: Bytes, spans: Spans) -> HttpResponse {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    let mut seen = Vec::new();
    for resource in request.resource_spans {
        let about = attributes(&resource.resource.unwrap().attributes);
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            seen.push(Seen {
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                service: about["service.name"].clone(),
                instance: about["service.instance.id"].clone(),
                name: span.name,
                kind: span.kind,
                attributes: attributes(&span.attributes),
            });
        }
    }
    spans.lock().unwrap().extend(seen);
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Option<AnyValue>| match value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    pairs.iter().map(|pair| (pair.key.clone(), text(&pair.value))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

impl Seen {
    pub(crate) fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.get(key).map(String::as_str)
    }

    /// As OTLP counts them: 2 server, 3 client, 4 producer, 5 consumer.
    pub(crate) const fn kind(&self) -> i32 {
        self.kind
    }
}

impl Trace {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Spans whose parent has not come, but for those without any.
    pub(crate) fn orphans(&self) -> Vec<&Seen> {
        let ids = self.0.iter().map(|span| span.id.as_str()).collect::<BTreeSet<_>>();
        self.0.iter().filter(|span| !span.parent.is_empty() && !ids.contains(span.parent.as_str())).collect()
    }

    pub(crate) fn roots(&self) -> Vec<&Seen> {
        self.0.iter().filter(|span| span.parent.is_empty()).collect()
    }

    /// The children of `parent`.
    pub(crate) fn below<'a>(&'a self, parent: &Seen) -> impl Iterator<Item = &'a Seen> + use<'a> {
        let id = parent.id.clone();
        self.0.iter().filter(move |span| span.parent == id)
    }

    /// What a way down from `from` along these names leads to; of the last name the beginning is enough.
    pub(crate) fn find(&self, from: &Seen, path: &[&str]) -> Option<&Seen> {
        let (first, rest) = path.split_first()?;
        if rest.is_empty() {
            return self.below(from).find(|span| span.name.starts_with(first));
        }
        self.below(from).filter(|span| span.name == *first).find_map(|next| self.find(next, rest))
    }

    pub(crate) fn services(&self) -> BTreeSet<&str> {
        self.0.iter().map(|span| span.service.as_str()).collect()
    }

    /// For people.
    pub(crate) fn drawn(&self) -> String {
        let mut text = String::new();
        for top in self.roots().into_iter().chain(self.orphans()) {
            self.draw(top, 0, &mut text);
        }
        text
    }

    fn draw(&self, span: &Seen, depth: usize, text: &mut String) {
        writeln!(text, "{}{} · {} · {}", "  ".repeat(depth), span.service, span.kind, span.name).unwrap();
        self.below(span).for_each(|child| self.draw(child, depth + 1, text));
    }
}
