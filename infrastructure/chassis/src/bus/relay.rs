//! Relays a store's outbox to the bus: at least once, in order for each subject, by one instance at a time.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use uuid::Uuid;

use super::consume::age;
use super::outbox::{Outbox, Unsent};
use super::{Bus, DOMAIN_EVENTS, Outgoing, PublishError, Sent};
use crate::{BoxError, Context, REQUEST_ID, Span, TRACEPARENT, Tasks, fault, trace};

/// How many events are in flight at once.
const BATCH: u32 = 200;
const BATCH_FULL: usize = 200;
/// How long a leader may be silent before another instance takes over.
const LEASE: Duration = Duration::from_secs(5);
/// How long events may gather before the next look: many at once cost little more than one.
const GATHER: Duration = Duration::from_millis(100);
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// Relays `outbox` until the process stops.
pub fn relay<O: Outbox>(outbox: Arc<O>, bus: Bus, tasks: &Tasks) {
    #[expect(clippy::disallowed_methods, reason = "an owner's name, not an entity's id")]
    let mut lead = Lead { owner: Uuid::now_v7(), renewed: None };
    tasks.spawn_until_stop(async move {
        loop {
            let wait = match pass(outbox.as_ref(), &bus, &mut lead).await {
                Ok(Pass::More) => continue,
                Ok(Pass::Done) => GATHER,
                Ok(Pass::NotOurTurn | Pass::Down) => PAUSE,
                Err(error) => {
                    tracing::warn!("events could not be relayed: {}", fault::chain(error.as_ref()));
                    PAUSE
                }
            };
            tokio::time::sleep(wait).await;
        }
    });
}

enum Pass {
    /// There may be more already.
    More,
    Done,
    NotOurTurn,
    Down,
}

/// Whether this instance relays. Renewing the lease is a durable write, so a third of it passes between two.
struct Lead {
    owner: Uuid,
    renewed: Option<Instant>,
}

impl Lead {
    async fn hold<O: Outbox>(&mut self, outbox: &O) -> Result<bool, BoxError> {
        if self.renewed.is_some_and(|at| at.elapsed() < LEASE / 3) {
            return Ok(true);
        }
        let asked = Instant::now();
        let ours = outbox.lead(self.owner, LEASE).await?;
        self.renewed = ours.then_some(asked);
        Ok(ours)
    }
}

async fn pass<O: Outbox>(outbox: &O, bus: &Bus, lead: &mut Lead) -> Result<Pass, BoxError> {
    if !bus.is_up() {
        // Nobody relays, and it is known all the same how long events have waited.
        tell_age(&outbox.unsent(1).await?);
        return Ok(Pass::Down);
    }
    if !lead.hold(outbox).await? {
        tell_age(&[]);
        return Ok(Pass::NotOurTurn);
    }
    let events = outbox.unsent(BATCH).await?;
    tell_age(&events);
    if events.is_empty() {
        return Ok(Pass::Done);
    }
    let confirmed = publish(bus, &events).await;
    let all = confirmed.len() == events.len();
    outbox.forget(&confirmed).await?;
    if !all {
        return Err("the broker did not confirm every event; the rest is sent again".into());
    }
    Ok(if events.len() < BATCH_FULL { Pass::Done } else { Pass::More })
}

/// How long the oldest has waited; its id says when it came.
fn tell_age(events: &[Unsent]) {
    let age = events.first().and_then(|event| age(event.id));
    metrics::gauge!("outbox_oldest_seconds").set(age.map_or(0.0, |age| age.as_secs_f64()));
}

/// Publishes in order, with all confirms awaited together; gives what may be forgotten. What follows a failed event of
/// the same subject is kept too, so that both are sent again in their order.
async fn publish(bus: &Bus, events: &[Unsent]) -> Vec<Unsent> {
    let mut sent = Vec::with_capacity(events.len());
    for event in events {
        // The event belongs to the request that caused it, however late it is sent.
        let cause = Cause::of(event);
        let context = Context::from_headers(cause.requestid.as_deref(), cause.traceparent.as_deref());
        let span = trace::publishing(&context, DOMAIN_EVENTS, &event.kind);
        let sending = bus.send(outgoing(event, &cause, span.context().unwrap_or(&context))).await;
        sent.push((sending, span));
    }
    let confirmed = |(sent, mut span): (Result<Sent, PublishError>, Span)| async move {
        let confirmed = async { sent?.confirmed().await };
        span.note(confirmed.await)
    };
    let outcomes = join_all(sent.into_iter().map(confirmed)).await;
    let mut failed = HashSet::new();
    let mut confirmed = Vec::new();
    for (event, outcome) in events.iter().zip(outcomes) {
        if outcome.is_err() || failed.contains(&event.subject) {
            failed.insert(event.subject.clone());
        } else {
            confirmed.push(event.clone());
        }
    }
    let failed = events.len().saturating_sub(confirmed.len());
    metrics::counter!("outbox_relayed_total").increment(u64::try_from(confirmed.len()).unwrap_or(0));
    metrics::counter!("outbox_failed_total").increment(u64::try_from(failed).unwrap_or(0));
    confirmed
}

fn outgoing<'a>(event: &'a Unsent, cause: &Cause, context: &Context) -> Outgoing<'a> {
    let mut headers = FieldTable::default();
    headers.insert(TRACEPARENT.into(), AMQPValue::LongString(context.traceparent().into()));
    if let Some(request_id) = &cause.requestid {
        headers.insert(REQUEST_ID.into(), AMQPValue::LongString(request_id.as_str().into()));
    }
    let properties = BasicProperties::default()
        .with_content_type("application/cloudevents+json".into())
        .with_message_id(event.id.to_string().into())
        .with_type(event.kind.as_str().into())
        .with_headers(headers);
    Outgoing { exchange: DOMAIN_EVENTS, key: &event.kind, properties, body: &event.body }
}

/// The request that caused an event, by its extension attributes.
#[derive(Default, serde::Deserialize)]
struct Cause {
    traceparent: Option<String>,
    requestid: Option<String>,
}

impl Cause {
    fn of(event: &Unsent) -> Self {
        // What can't be read has no cause that we know; who takes the event judges it.
        serde_json::from_slice(&event.body).unwrap_or_else(|_unreadable| Self::default())
    }
}
