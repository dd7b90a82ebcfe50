//! Taking messages off a queue in their order, as many at once as there are: one durable write then serves them all.

use std::future::Future;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use lapin::Consumer;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
use lapin::types::{FieldTable, ShortString};

use super::consume::{context, measure_lag};
use super::intake::{Delivered, Intake};
use super::{Bus, Verdict};
use crate::Span;
use crate::trace::{self, SpanKind};

/// How long to wait before consuming again.
const PAUSE: Duration = Duration::from_millis(500);
/// Before the same messages are tried again.
const AGAIN: Duration = Duration::from_millis(300);

impl Bus {
    /// Hands messages to `handle` in the order of the queue, up to `at_once` together, and the next when these are
    /// settled; until the process stops, over every outage. The answer has a verdict for each message, in order; where
    /// one is to come later, all that are not settled yet are tried again first. A message can come more than once.
    pub fn take_in_order<H, F>(&self, intake: Intake, handle: H)
    where
        H: Fn(Vec<Delivered>) -> F + Send + Sync + 'static,
        F: Future<Output = Vec<Verdict>> + Send + 'static,
    {
        let bus = self.clone();
        self.tasks.spawn(async move {
            while let Some(link) = bus.up_until_stop().await {
                match bus.batches_from(&link.connection, &intake, &handle).await {
                    Ok(()) if bus.tasks.is_stopping() => return,
                    Ok(()) => tracing::warn!("taking messages from `{}` was ended by the broker", intake.queue),
                    Err(error) => tracing::warn!("taking messages from `{}` stopped: {error}", intake.queue),
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
    }

    async fn batches_from<H, F>(&self, connection: &lapin::Connection, intake: &Intake, handle: &H) -> lapin::Result<()>
    where
        H: Fn(Vec<Delivered>) -> F,
        F: Future<Output = Vec<Verdict>>,
    {
        let channel = connection.create_channel().await?;
        channel.basic_qos(intake.at_once, BasicQosOptions::default()).await?;
        let (queue, tag) = (intake.queue.as_str().into(), ShortString::default());
        let options = BasicConsumeOptions::default();
        let mut consumer = channel.basic_consume(queue, tag, options, FieldTable::default()).await?;
        loop {
            let first = tokio::select! {
                () = self.tasks.stopping() => return Ok(()),
                delivery = consumer.next() => delivery,
            };
            let Some(first) = first else { return Ok(()) };
            let gathered = gather(first?, &mut consumer, intake.at_once)?;
            for delivery in &gathered {
                measure_lag(&intake.queue, delivery);
            }
            self.settle_all(&intake.queue, gathered, handle).await?;
        }
    }

    async fn settle_all<H, F>(&self, queue: &str, mut waiting: Vec<Delivery>, handle: &H) -> lapin::Result<()>
    where
        H: Fn(Vec<Delivered>) -> F,
        F: Future<Output = Vec<Verdict>>,
    {
        loop {
            waiting = settle(queue, waiting, handle).await?;
            // At a stop, what is not settled goes back into the queue with the channel.
            if waiting.is_empty() || self.tasks.is_stopping() {
                return Ok(());
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// The first, and what has come in behind it by now.
fn gather(first: Delivery, consumer: &mut Consumer, at_once: u16) -> lapin::Result<Vec<Delivery>> {
    let mut gathered = vec![first];
    while gathered.len() < usize::from(at_once) {
        match consumer.next().now_or_never().flatten() {
            Some(delivery) => gathered.push(delivery?),
            None => break,
        }
    }
    Ok(gathered)
}

/// What has to be tried again.
async fn settle<H, F>(queue: &str, waiting: Vec<Delivery>, handle: &H) -> lapin::Result<Vec<Delivery>>
where
    H: Fn(Vec<Delivered>) -> F,
    F: Future<Output = Vec<Verdict>>,
{
    let delivered = waiting.iter().map(Delivered::from).collect();
    let spans = waiting.iter().map(|delivery| span(queue, delivery)).collect::<Vec<_>>();
    let together = Span::shared(spans.iter().filter_map(Span::context), SpanKind::Internal, "process batch");
    let mut verdicts = together.within(handle(delivered)).await.into_iter();
    drop(together);
    let mut again = Vec::new();
    for (delivery, mut span) in waiting.into_iter().zip(spans) {
        let verdict = verdicts.next();
        if let Some(verdict) = &verdict {
            verdict.tell(&mut span);
            verdict.count(queue);
        }
        drop(span);
        match verdict {
            Some(Verdict::Done) => delivery.ack(BasicAckOptions::default()).await.map(|_acked| ())?,
            Some(Verdict::Poison(why)) => {
                tracing::error!(key = %delivery.routing_key, "a message went to the dead letters: {why}");
                delivery.reject(BasicRejectOptions { requeue: false }).await?;
            }
            Some(Verdict::Later(error)) => {
                let why = crate::fault::chain(error.as_ref());
                tracing::warn!(key = %delivery.routing_key, "a message is tried again: {why}");
                again.push(delivery);
            }
            None => again.push(delivery),
        }
    }
    Ok(again)
}

/// What is done for one of the messages, in the trace that it came with.
fn span(queue: &str, delivery: &Delivery) -> Span {
    trace::processing(&context(&delivery.properties), queue, delivery.routing_key.as_str())
}

impl From<&Delivery> for Delivered {
    fn from(delivery: &Delivery) -> Self {
        Self {
            exchange: delivery.exchange.to_string(),
            key: delivery.routing_key.to_string(),
            redelivered: delivery.redelivered,
            properties: delivery.properties.clone(),
            body: delivery.data.clone(),
        }
    }
}
