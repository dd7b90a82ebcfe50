//! Passing messages on from a queue as they are: many under way at once, each off its queue when the next has it.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::FutureExt;
use futures_util::stream::{FuturesOrdered, StreamExt};
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Confirmation};

use super::{Bus, Intake};

/// How long to wait before going on, after trouble.
const PAUSE: Duration = Duration::from_millis(500);

/// From a queue to an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passing {
    /// What is taken.
    pub intake: Intake,
    /// Where it goes, under the key it came with. A fanout is best: in others, keys that a sender put into the header
    /// `CC` would count again, with our rights.
    pub exchange: String,
}

/// What became of a message that was to be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Whether the next queue has it on disk; else it went back.
    pub confirmed: bool,
    /// From its arrival to the confirm.
    pub elapsed: Duration,
}

/// A message on its way, by its tag.
struct Settled {
    tag: u64,
    passed: Passed,
}

impl Bus {
    /// Passes each message on, body, properties and headers as they are, until the process stops; over every outage. A
    /// message can be passed on more than once. `observe` is told of each.
    pub fn pass_on<O>(&self, passing: Passing, observe: O)
    where
        O: Fn(Passed) + Send + Sync + 'static,
    {
        let bus = self.clone();
        self.tasks.spawn(async move {
            while let Some(link) = bus.up_until_stop().await {
                let queue = &passing.intake.queue;
                match bus.pass_from(&link.connection, &passing, &observe).await {
                    Ok(()) if bus.tasks.is_stopping() => return,
                    Ok(()) => tracing::warn!("passing messages on from `{queue}` was ended by the broker"),
                    Err(error) => tracing::warn!("passing messages on from `{queue}` stopped: {error}"),
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
    }

    async fn pass_from(
        &self,
        connection: &lapin::Connection,
        passing: &Passing,
        observe: &(impl Fn(Passed) + Sync),
    ) -> lapin::Result<()> {
        let (channel, publisher) = (connection.create_channel().await?, connection.create_channel().await?);
        publisher.confirm_select(ConfirmSelectOptions::default()).await?;
        channel.basic_qos(passing.intake.at_once, BasicQosOptions::default()).await?;
        let (queue, tag) = (passing.intake.queue.as_str().into(), ShortString::default());
        let mut consumer =
            channel.basic_consume(queue, tag, BasicConsumeOptions::default(), FieldTable::default()).await?;
        let exchange = ShortString::from(passing.exchange.as_str());
        // In the order of arrival, so that one ack settles all up to it.
        let mut under_way = FuturesOrdered::new();
        let mut stopping = pin!(self.tasks.stopping());
        loop {
            tokio::select! {
                () = &mut stopping => break,
                Some(settled) = under_way.next() => {
                    let ready = std::iter::from_fn(|| under_way.next().now_or_never().flatten());
                    settle(&channel, std::iter::once(settled).chain(ready), observe).await?;
                }
                delivery = consumer.next() => match delivery {
                    Some(delivery) => under_way.push_back(pass(&publisher, exchange.clone(), delivery?)),
                    None => break,
                }
            }
        }
        while let Some(settled) = under_way.next().await {
            settle(&channel, std::iter::once(settled), observe).await?;
        }
        Ok(())
    }
}

async fn pass(publisher: &Channel, exchange: ShortString, delivery: Delivery) -> Settled {
    let began = Instant::now();
    let Delivery { delivery_tag: tag, routing_key, properties, data, .. } = delivery;
    let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let confirmed = match publisher.basic_publish(exchange, routing_key, mandatory, &data, properties).await {
        Ok(sent) => matches!(sent.await, Ok(Confirmation::Ack(None))),
        Err(_gone) => false,
    };
    Settled { tag, passed: Passed { confirmed, elapsed: began.elapsed() } }
}

/// Tells the broker of messages that follow each other: one ack for all, but for those that go back.
async fn settle(
    channel: &Channel,
    settled: impl Iterator<Item = Settled>,
    observe: &(impl Fn(Passed) + Sync),
) -> lapin::Result<()> {
    let mut last = None;
    let (mut back, all) = (Vec::new(), BasicAckOptions { multiple: true });
    for Settled { tag, passed } in settled {
        observe(passed);
        if passed.confirmed { last = Some(tag) } else { back.push(tag) }
    }
    if !back.is_empty() {
        // The next queue is full, or gone: not in a tight loop.
        tokio::time::sleep(PAUSE).await;
    }
    for tag in back {
        channel.basic_nack(tag, BasicNackOptions { requeue: true, ..BasicNackOptions::default() }).await?;
    }
    match last {
        Some(tag) => channel.basic_ack(tag, all).await,
        None => Ok(()),
    }
}
