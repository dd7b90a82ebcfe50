//! Consuming with manual acks: a message leaves its queue when its effect is safe, and not before.

use std::future::Future;
use std::time::Duration;

use chrono::DateTime;
use contracts::Event;
use futures_util::StreamExt;
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
use lapin::types::{FieldTable, ShortString};
use rand::Rng;
use serde::de::DeserializeOwned;
use tracing::Instrument;
use uuid::Uuid;

use super::{Bus, Subscription, Topology};
use crate::{BoxError, Clock, Context, REQUEST_ID, Span, TRACEPARENT, trace};

/// How many messages may be on their way to one consumer.
const PREFETCH: u16 = 64;
/// How long to wait before consuming again.
const PAUSE: Duration = Duration::from_millis(500);
/// Waits between two tries of one message, in milliseconds; half of it is drawn by lot.
const BACKOFF_MS: [u64; 6] = [100, 200, 500, 1000, 2000, 5000];

/// A message that came in.
#[derive(Debug)]
pub struct Incoming {
    /// Its routing key.
    pub key: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl Incoming {
    /// The event in the body; what is none is poison.
    pub fn event<T: DeserializeOwned>(&self) -> Result<Event<T>, Verdict> {
        serde_json::from_slice(&self.body).map_err(|error| Verdict::Poison(format!("`{}`: {error}", self.key)))
    }
}

/// What became of a message.
#[derive(Debug)]
pub enum Verdict {
    /// Its effect is safe.
    Done,
    /// It can never succeed: to the dead letters.
    Poison(String),
    /// It may succeed later: it is tried again, before any that came after it.
    Later(BoxError),
}

/// How old an event is: its id has the time at which it was made.
pub(super) fn age(id: Uuid) -> Option<Duration> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    let made = DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)?;
    Some((Clock::real().now() - made).to_std().unwrap_or_default())
}

/// How long an event has been on its way when it is first taken.
pub(super) fn measure_lag(queue: &str, delivery: &Delivery) {
    let id = delivery.properties.message_id().as_ref().and_then(|id| id.as_str().parse().ok());
    if let Some(age) = id.filter(|_| !delivery.redelivered).and_then(age) {
        metrics::histogram!("event_lag_seconds", "queue" => queue.to_owned()).record(age.as_secs_f64());
    }
}

impl Verdict {
    /// Counts what became of an event.
    pub(super) fn count(&self, queue: &str) {
        let outcome = match self {
            Self::Done => "done",
            Self::Poison(_) => "dead_lettered",
            Self::Later(_) => "retried",
        };
        metrics::counter!("events_consumed_total", "queue" => queue.to_owned(), "outcome" => outcome).increment(1);
    }

    /// Says so in the message's span.
    pub(super) fn tell(&self, span: &mut Span) {
        match self {
            Self::Done => {}
            Self::Poison(why) => span.fail(why),
            Self::Later(error) => span.fail(error),
        }
    }
}

impl Bus {
    /// Hands each message of the subscription to `handle`, one after the other, until the process stops; over every
    /// outage. A message can come more than once. The handler's future stays on one thread, and need not be `Send`.
    pub fn consume<H, F>(&self, subscription: Subscription, handle: H)
    where
        H: Fn(Incoming) -> F + Send + 'static,
        F: Future<Output = Verdict>,
    {
        self.watch(subscription.queue);
        let (bus, tasks) = (self.clone(), self.tasks.clone());
        let consuming = self.handlers.spawn_pinned(move || async move {
            tokio::select! {
                () = tasks.stopping() => {}
                () = bus.keep_consuming(&subscription, &handle) => {}
            }
        });
        self.tasks.spawn(async move {
            if let Err(error) = consuming.await {
                tracing::error!("a consumer ended: {error}");
            }
        });
    }

    async fn keep_consuming<H, F>(&self, subscription: &Subscription, handle: &H)
    where
        H: Fn(Incoming) -> F,
        F: Future<Output = Verdict>,
    {
        while let Some(link) = self.up().await {
            let consumed = consume_on(&link.connection, subscription, handle).await;
            let why = consumed.err().map_or_else(|| "the broker ended it".to_owned(), |error| error.to_string());
            tracing::warn!(queue = subscription.queue, "consuming `{}` stopped: {why}", subscription.queue);
            // The connection may still be up, as when somebody deleted the queue: not in a tight loop.
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn consume_on<H, F>(connection: &lapin::Connection, subscription: &Subscription, handle: &H) -> lapin::Result<()>
where
    H: Fn(Incoming) -> F,
    F: Future<Output = Verdict>,
{
    let channel = connection.create_channel().await?;
    Topology::from(subscription).declare(&channel).await?;
    channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    let (queue, tag) = (subscription.queue.into(), ShortString::default());
    let mut consumer = channel.basic_consume(queue, tag, options, FieldTable::default()).await?;
    while let Some(delivery) = consumer.next().await {
        settle(subscription.queue, delivery?, handle).await?;
    }
    Ok(())
}

async fn settle<H, F>(queue: &str, delivery: Delivery, handle: &H) -> lapin::Result<()>
where
    H: Fn(Incoming) -> F,
    F: Future<Output = Verdict>,
{
    let context = context(&delivery.properties);
    measure_lag(queue, &delivery);
    let mut tries = 0_usize;
    loop {
        let incoming = Incoming { key: delivery.routing_key.to_string(), body: delivery.data.clone() };
        let mut span = trace::processing(&context, queue, &incoming.key);
        let line = tracing::info_span!("message", request.id = context.request_id, trace.id = context.trace_id);
        let work = span.context().unwrap_or(&context).clone().scope(handle(incoming));
        let verdict = work.instrument(line).await;
        verdict.tell(&mut span);
        verdict.count(queue);
        drop(span);
        match verdict {
            Verdict::Done => return delivery.ack(BasicAckOptions::default()).await.map(|_acked| ()),
            Verdict::Poison(why) => {
                tracing::error!(key = %delivery.routing_key, "a message went to the dead letters: {why}");
                return delivery.reject(BasicRejectOptions { requeue: false }).await.map(|_rejected| ());
            }
            Verdict::Later(error) => {
                let why = crate::fault::chain(error.as_ref());
                tracing::warn!(key = %delivery.routing_key, "a message is tried again: {why}");
            }
        }
        let most = BACKOFF_MS.get(tries).or(BACKOFF_MS.last()).copied().unwrap_or(5000);
        tries = tries.saturating_add(1);
        let wait = rand::rng().random_range(most / 2..=most);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// The request that a message belongs to, by its headers.
pub(super) fn context(properties: &BasicProperties) -> Context {
    let header = |name: &str| {
        let value = properties.headers().as_ref()?.inner().get(name)?;
        value.as_long_string().map(ToString::to_string)
    };
    Context::from_headers(header(REQUEST_ID).as_deref(), header(TRACEPARENT).as_deref())
}
