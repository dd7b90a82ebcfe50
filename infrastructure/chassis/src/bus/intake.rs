//! Taking messages off a queue, several at once: each with all that belongs to it, and off the queue when its handler
//! says that the effect is safe.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions};
use lapin::types::{FieldTable, ShortString};
use tokio::task::JoinSet;

use super::Bus;

/// How long to wait before consuming again.
const PAUSE: Duration = Duration::from_millis(500);

/// A queue that is worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// Its name; the topology declares it.
    pub queue: String,
    /// How many of its messages may be under way at once.
    pub at_once: u16,
}

/// A message as it came off a queue.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// The exchange it was published to.
    pub exchange: String,
    /// Its routing key.
    pub key: String,
    /// Whether it was given to somebody before.
    pub redelivered: bool,
    /// Properties, with the headers among them.
    pub properties: BasicProperties,
    /// The bytes.
    pub body: Vec<u8>,
}

/// What is to become of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Its effect is safe: off the queue.
    Done,
    /// Nothing could be done: back into the queue.
    Back,
}

impl Bus {
    /// Hands each message to `handle`, up to `at_once` of them at a time, until the process stops; over every outage. A
    /// message can come more than once. At a stop, what is under way is finished first.
    pub fn take<H, F>(&self, intake: Intake, handle: H)
    where
        H: Fn(Delivered) -> F + Send + Sync + 'static,
        F: Future<Output = Settled> + Send + 'static,
    {
        let (bus, handle) = (self.clone(), Arc::new(handle));
        self.tasks.spawn(async move {
            while let Some(link) = bus.up_until_stop().await {
                match bus.take_from(&link.connection, &intake, &handle).await {
                    Ok(()) if bus.tasks.is_stopping() => return,
                    Ok(()) => tracing::warn!("taking messages from `{}` was ended by the broker", intake.queue),
                    Err(error) => tracing::warn!("taking messages from `{}` stopped: {error}", intake.queue),
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
    }

    async fn take_from<H, F>(
        &self,
        connection: &lapin::Connection,
        intake: &Intake,
        handle: &Arc<H>,
    ) -> lapin::Result<()>
    where
        H: Fn(Delivered) -> F + Send + Sync + 'static,
        F: Future<Output = Settled> + Send + 'static,
    {
        let channel = connection.create_channel().await?;
        channel.basic_qos(intake.at_once, BasicQosOptions::default()).await?;
        let (queue, tag) = (intake.queue.as_str().into(), ShortString::default());
        let mut consumer =
            channel.basic_consume(queue, tag, BasicConsumeOptions::default(), FieldTable::default()).await?;
        let mut under_way = JoinSet::new();
        loop {
            let delivery = tokio::select! {
                () = self.tasks.stopping() => break,
                Some(_) = under_way.join_next() => continue,
                delivery = consumer.next() => delivery,
            };
            let Some(delivery) = delivery else { break };
            under_way.spawn(settle(delivery?, Arc::clone(handle)));
        }
        under_way.join_all().await;
        Ok(())
    }
}

async fn settle<H, F>(mut delivery: Delivery, handle: Arc<H>)
where
    H: Fn(Delivered) -> F,
    F: Future<Output = Settled>,
{
    let delivered = Delivered {
        exchange: delivery.exchange.to_string(),
        key: delivery.routing_key.to_string(),
        redelivered: delivery.redelivered,
        properties: std::mem::take(&mut delivery.properties),
        body: std::mem::take(&mut delivery.data),
    };
    let told = match handle(delivered).await {
        Settled::Done => delivery.ack(BasicAckOptions::default()).await,
        Settled::Back => delivery.nack(BasicNackOptions { requeue: true, ..BasicNackOptions::default() }).await,
    };
    if let Err(error) = told {
        // The connection is gone: the broker gives the message to somebody again.
        tracing::debug!("a message could not be settled: {error}");
    }
}
