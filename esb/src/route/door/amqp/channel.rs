//! A message on its way into a queue that wants it in another format.

use std::collections::BTreeMap;
use std::time::Instant;

use chassis::bus::{Delivered, Outgoing, Passed, Settled};
use chassis::trace::{self, SpanKind};
use chassis::{Context, Failure, Kind, REQUEST_ID, Span, TRACEPARENT};
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use serde_json::value::RawValue;

use super::{AmqpDoor, Message, Meter, PAUSE, header, inlet};
use crate::endpoint::amqp_in::{Journey, Reason};
use crate::messages::{Door, Outcome};
use crate::policy::Media;
use crate::route::file::{Route, Schema, Stage};
use crate::route::mediation::{Catalog, refused};
use crate::route::pipeline::Ready;

/// Before the names of an event's attributes, as CloudEvents' binding for AMQP has it.
const ATTRIBUTE: &str = "cloudEvents:";

/// A message in its new format.
struct Turned {
    properties: BasicProperties,
    body: Vec<u8>,
}

/// Counts what is passed on as it is.
pub(super) fn observer(ready: &Ready) -> impl Fn(Passed) + Send + Sync + 'static {
    let name = &ready.route.name;
    let passed = (Meter::new(name, "passed"), Outcome::Done);
    let back = (Meter::new(name, "returned"), Outcome::Retried);
    let tally = ready.tally.clone();
    move |what| {
        let (meter, outcome) = if what.confirmed { &passed } else { &back };
        meter.record(what.elapsed);
        tally.count(Door::Amqp, *outcome, what.elapsed);
    }
}

impl AmqpDoor {
    /// Passes the message on in its new format; it leaves its queue when the next has it, or the dead letters.
    pub(super) async fn turn(&self, ready: &Ready, stage: &Stage, delivered: Delivered) -> Settled {
        let began = Instant::now();
        let Some(inlet) = inlet(&ready.route) else { return Settled::Back };
        let Delivered { mut properties, body, key, .. } = delivered;
        let journey = Journey::take(&mut properties, self.clock.now());
        let context = Context::from_headers(header(&properties, REQUEST_ID), header(&properties, TRACEPARENT));
        let span = trace::processing(&context, &inlet.queue(), &key);
        let message = Message { properties, body, journey };
        let turning = span.context().map(|context| Span::under(context, SpanKind::Internal, "transform message"));
        let turned = turned(&self.bus.mediator.catalog(), &ready.route, (stage, &message));
        drop(turning);
        let (told, done) = match turned {
            Ok(Turned { properties, body }) => {
                let outgoing = Outgoing { exchange: &inlet.outlet(), key: &key, properties, body: &body };
                ("passed", self.broker.deliver(outgoing).await.map(|()| "passed"))
            }
            Err(failure) if failure.kind() == Kind::Unavailable => {
                tracing::warn!("a message of {} waits: {failure}", ready.route.name);
                tokio::time::sleep(PAUSE).await;
                return Settled::Back;
            }
            Err(failure) => {
                let reason = if failure.kind() == Kind::Invalid { Reason::SchemaViolation } else { Reason::Unparsable };
                ("dead-lettered", self.bury(ready, &message, (reason, &failure.to_string())).await)
            }
        };
        let Err(error) = done else {
            let outcome = if told == "passed" { Outcome::Done } else { Outcome::DeadLettered };
            ready.tally.count(Door::Amqp, outcome, began.elapsed());
            Meter::new(&ready.route.name, told).record(began.elapsed());
            return Settled::Done;
        };
        tracing::warn!("what became of a message could not be told to the broker: {error}");
        tokio::time::sleep(PAUSE).await;
        Settled::Back
    }
}

fn turned(catalog: &Catalog, route: &Route, (stage, message): (&Stage, &Message)) -> Result<Turned, Failure> {
    let Message { properties, body, .. } = message;
    match stage {
        Stage::XmlToJson(schema) => {
            let mut json = Vec::with_capacity(body.len());
            plan(catalog, schema)?.to_json(body, &mut json).map_err(refused)?;
            Ok(Turned { properties: named(properties, Media::Json), body: json })
        }
        Stage::JsonToXml(schema) => {
            let (properties, document) =
                if route.from.event.is_some() { opened(properties, body)? } else { (properties.clone(), &**body) };
            let mut xml = Vec::with_capacity(document.len() * 2);
            plan(catalog, schema)?.to_xml(document, &mut xml).map_err(refused)?;
            Ok(Turned { properties: named(&properties, Media::Xml), body: xml })
        }
    }
}

fn plan<'a>(catalog: &'a Catalog, Schema { schema }: &Schema) -> Result<&'a transform::Plan, Failure> {
    let plan = catalog.schemas().and_then(|schemas| schemas.by_root(schema));
    let detail = || format!("the schema `{schema}` is not known, or not yet");
    plan.map(|plan| &**plan).ok_or_else(|| Failure::new(Kind::Unavailable, "service-unavailable", detail()))
}

/// An event's document; its attributes become headers.
fn opened<'a>(properties: &BasicProperties, body: &'a [u8]) -> Result<(BasicProperties, &'a [u8]), Failure> {
    let broken = |detail: String| Failure::new(Kind::Malformed, "malformed-body", detail);
    let event = serde_json::from_slice::<BTreeMap<String, &RawValue>>(body);
    let mut event = event.map_err(|error| broken(format!("this is no event: {error}")))?;
    let data = event.remove("data").ok_or_else(|| broken("the event has no `data`".to_owned()))?;
    let mut headers = properties.headers().clone().unwrap_or_default().inner().clone();
    for (name, value) in event.iter().filter(|(name, _)| *name != "datacontenttype") {
        let text = serde_json::from_str::<String>(value.get()).unwrap_or_else(|_| value.get().to_owned());
        if let Ok(name) = ShortString::try_new(format!("{ATTRIBUTE}{name}")) {
            headers.insert(name, AMQPValue::LongString(text.into()));
        }
    }
    Ok((properties.clone().with_headers(FieldTable::from(headers)), data.get().as_bytes()))
}

fn named(properties: &BasicProperties, media: Media) -> BasicProperties {
    properties.clone().with_content_type(media.content_type().into())
}
