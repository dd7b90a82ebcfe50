//! The door for AMQP: a message becomes a request that any door could have made, and what is answered decides what
//! becomes of the message. It leaves its queue when that is durable, and not before.

mod ask;
mod channel;
mod note;
mod verdict;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chassis::auth::Auth;
use chassis::bus::{self, DOMAIN_EVENTS, Delivered, Intake, Outgoing, Passing, PublishError, Settled};
use chassis::{Clock, Context, REQUEST_ID, TRACEPARENT};
use chrono::TimeDelta;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use tracing::Instrument;

use self::note::Note;
use self::verdict::{Counts, Told, Verdict};
use crate::endpoint::amqp_in::{DeadLetter, ESB_EXCHANGE, Inlet, Journey, Pauses, Reason, queue_of};
use crate::endpoint::http_out::Proxy;
use crate::endpoint::services::Clients;
use crate::messages::Door;
use crate::route::file::{Route, Target};
use crate::route::pipeline::{Bus, Ready};
use crate::settings::Amqp;

/// How long a message that could not be settled waits before it goes back.
const PAUSE: Duration = Duration::from_secs(1);

/// What messages need on their way.
#[derive(Clone)]
pub struct AmqpDoor {
    /// What all requests share.
    pub bus: Arc<Bus>,
    /// The broker.
    pub broker: bus::Bus,
    /// To the services.
    pub proxy: Proxy,
    /// Who asks.
    pub clients: Clients,
    /// Whether they are who they are.
    pub auth: Auth,
    /// Tells the time.
    pub clock: Clock,
    /// Patience.
    pub settings: Amqp,
}

/// A message on its way; as its sender made it.
struct Message {
    properties: BasicProperties,
    body: Vec<u8>,
    journey: Journey,
}

/// The way in of a route, if it has one by AMQP.
pub fn inlet(route: &Route) -> Option<Inlet<'_>> {
    let channel = match &route.to {
        Target::Queue(queue) => Some(queue.as_str()),
        Target::Service(_) | Target::Saga(_) | Target::Outcome(_) | Target::Gather(_) => None,
    };
    let key = route.from.amqp.as_deref();
    let exchange = if key.is_some() { ESB_EXCHANGE } else { DOMAIN_EVENTS };
    Some(Inlet { route: &route.name, exchange, key: key.or(route.from.event.as_deref())?, channel })
}

impl AmqpDoor {
    /// Takes the messages of these routes until the process stops.
    pub fn open(self, routes: Vec<Arc<Ready>>) {
        let tasks = self.bus.tasks.clone();
        tasks.clone().spawn_until_stop(async move {
            if !self.broker.may_impersonate().await {
                let why = "messages are passed on with their senders' `user_id`";
                return tasks.fail(format!("the broker's user needs the tag `impersonator`: {why}"));
            }
            for ready in routes {
                self.take(ready);
            }
        });
    }

    fn take(&self, ready: Arc<Ready>) {
        let Some(inlet) = inlet(&ready.route) else { return };
        let at_once = ready.route.prefetch.unwrap_or(self.settings.prefetch);
        let intake = Intake { queue: inlet.queue(), at_once };
        if inlet.channel.is_some() && ready.route.via.is_empty() {
            let exchange = inlet.outlet();
            return self.broker.pass_on(Passing { intake, exchange }, channel::observer(&ready));
        }
        let door = Arc::new(self.clone());
        self.broker.take(intake, move |delivered| {
            let (door, ready) = (Arc::clone(&door), Arc::clone(&ready));
            async move {
                match ready.route.via.first() {
                    Some(stage) => door.turn(&ready, stage, delivered).await,
                    None => Box::pin(door.settle(&ready, delivered)).await,
                }
            }
        });
    }

    async fn settle(&self, ready: &Ready, delivered: Delivered) -> Settled {
        let (began, route) = (Instant::now(), &ready.route.name);
        let Delivered { mut properties, body, .. } = delivered;
        let journey = Journey::take(&mut properties, self.clock.now());
        let context = Context::from_headers(header(&properties, REQUEST_ID), header(&properties, TRACEPARENT));
        let span = tracing::info_span!("message", request.id = context.request_id, trace.id = context.trace_id);
        let mut note = Note::of(ready, (&properties, &body), &context, &self.settings.unnamed_client);
        let message = Message { properties, body, journey };
        let work = async {
            let outcome = self.work(ready, message, &mut note).await;
            let told = outcome.as_ref().map_or("returned", |outcome| outcome);
            let (came_to, elapsed) = (note.outcome(told), began.elapsed());
            ready.tally.count(Door::Amqp, came_to, elapsed);
            note.keep(&self.bus.messages, came_to, elapsed);
            tracing::info!(esb.route = route, esb.outcome = told, "message of {route}: {told}");
            Meter::new(route, told).record(elapsed);
            outcome
        };
        match context.scope(work.instrument(span)).await {
            Ok(_) => Settled::Done,
            Err(error) => {
                tracing::warn!("what became of a message could not be told to the broker: {error}");
                tokio::time::sleep(PAUSE).await;
                Settled::Back
            }
        }
    }

    /// What became of the message; durable by then.
    async fn work(&self, ready: &Ready, message: Message, note: &mut Note) -> Result<&'static str, PublishError> {
        if message.journey.has_waited() && message.journey.ends_before(self.clock.now()) {
            return self.bury(ready, &message, (Reason::Expired, "it waited longer than it was good")).await;
        }
        let told = self.ask(ready, &message).await;
        note.answered(&told.reply);
        match told.verdict(&ready.route.to) {
            Verdict::Answered => match told.reply.send(&message.properties, &self.broker).await {
                // The sender's own queue is full, or dead: others are not to wait for it.
                Err(PublishError::Refused | PublishError::Unconfirmed) => {
                    self.again(ready, message.after(Counts::Yes), &told.unheard()).await
                }
                sent => sent.map(|()| "answered"),
            },
            Verdict::Refused(reason) => self.refuse(ready, &message.after(Counts::Yes), (reason, &told)).await,
            Verdict::Again(counts) => self.again(ready, message.after(counts), &told).await,
        }
    }

    async fn refuse(
        &self,
        ready: &Ready,
        message: &Message,
        (reason, told): (Reason, &Told),
    ) -> Result<&'static str, PublishError> {
        match told.reply.send(&message.properties, &self.broker).await {
            Ok(()) | Err(PublishError::Refused | PublishError::Unconfirmed) => {}
            Err(error) => return Err(error),
        }
        self.bury(ready, message, (reason, &told.detail)).await
    }

    async fn again(&self, ready: &Ready, message: Message, told: &Told) -> Result<&'static str, PublishError> {
        if message.journey.attempts >= self.settings.attempts_max {
            return self.refuse(ready, &message, (Reason::RetriesExhausted, told)).await;
        }
        let pauses = Pauses::new(self.settings.backoff_ms, self.settings.backoff_max_ms);
        let most = pauses.after(message.journey.attempts.max(message.journey.waits));
        let pause = rand::random_range(most.div_ceil(2)..=most);
        if message.journey.ends_before(self.clock.now() + TimeDelta::milliseconds(pause.into())) {
            return self.refuse(ready, &message, (Reason::Expired, told)).await;
        }
        let queue = queue_of(&ready.route.name);
        let properties = message.journey.pack(&message.properties, pause);
        let exchange = Pauses::exchange(most);
        self.broker.deliver(Outgoing { exchange: &exchange, key: &queue, properties, body: &message.body }).await?;
        metrics::counter!("esb_message_retries_total", "route" => ready.route.name.clone()).increment(1);
        Ok("retried")
    }

    async fn bury(
        &self,
        ready: &Ready,
        message: &Message,
        (reason, detail): (Reason, &str),
    ) -> Result<&'static str, PublishError> {
        let Message { properties, body, journey } = message;
        let route = &ready.route.name;
        let (exchange, key) = inlet(&ready.route).map_or((ESB_EXCHANGE, ""), |inlet| (inlet.exchange, inlet.key));
        let letter =
            DeadLetter { properties, body, route, exchange, key, reason, detail, journey, at: self.clock.now() };
        letter.post(&self.broker).await?;
        tracing::warn!(
            esb.route = route,
            "a message of {route} went to the dead letters: {}: {detail}",
            reason.as_str()
        );
        Ok("dead-lettered")
    }
}

impl Message {
    /// The same, after another try.
    fn after(mut self, counts: Counts) -> Self {
        match counts {
            Counts::Yes => self.journey.attempts = self.journey.attempts.saturating_add(1),
            Counts::No => self.journey.waits = self.journey.waits.saturating_add(1),
        }
        self
    }
}

/// Counts messages that ended alike, and how long they took.
struct Meter {
    count: metrics::Counter,
    seconds: metrics::Histogram,
}

impl Meter {
    fn new(route: &str, outcome: &'static str) -> Self {
        Self {
            count: metrics::counter!("esb_messages_total", "route" => route.to_owned(), "outcome" => outcome),
            seconds: metrics::histogram!("esb_message_seconds", "route" => route.to_owned()),
        }
    }

    fn record(&self, elapsed: Duration) {
        self.count.increment(1);
        self.seconds.record(elapsed.as_secs_f64());
    }
}

fn header<'a>(properties: &'a BasicProperties, name: &str) -> Option<&'a str> {
    let value = properties.headers().as_ref().map(FieldTable::inner)?.get(name)?;
    match value {
        AMQPValue::LongString(text) => std::str::from_utf8(text.as_bytes()).ok(),
        AMQPValue::ShortString(text) => Some(text.as_str()),
        _ => None,
    }
}
