//! The exchanges and queues that events need.

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};

/// The topic exchange for what has happened; routing keys are event types.
pub const DOMAIN_EVENTS: &str = "domain_events";
/// Where refused messages go: a direct exchange, and the queue of the same name behind it.
pub const DEAD_LETTERS: &str = "dead_letters";

/// A durable queue of a service, bound to some events.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// The queue, such as `payment-service.order-events`.
    pub queue: &'static str,
    /// Event types, such as `order.cancelled`.
    pub events: &'static [&'static str],
}

pub(super) async fn declare_exchanges(channel: &Channel) -> lapin::Result<()> {
    let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let exchanges = [(DOMAIN_EVENTS, ExchangeKind::Topic), (DEAD_LETTERS, ExchangeKind::Direct)];
    for (name, kind) in exchanges {
        channel.exchange_declare(name.into(), kind, durable, FieldTable::default()).await?;
    }
    channel.queue_declare(DEAD_LETTERS.into(), QueueDeclareOptions::durable(), quorum()).await?;
    let (queue, key) = (DEAD_LETTERS, DEAD_LETTERS);
    bind(channel, queue, DEAD_LETTERS, key).await
}

pub(super) async fn declare(channel: &Channel, subscription: &Subscription) -> lapin::Result<()> {
    let mut arguments = quorum();
    let dead_letters = AMQPValue::LongString(DEAD_LETTERS.into());
    arguments.insert("x-dead-letter-exchange".into(), dead_letters.clone());
    arguments.insert("x-dead-letter-routing-key".into(), dead_letters);
    // Without these two, a dead letter is passed on at most once: a crash in between would lose it.
    arguments.insert("x-dead-letter-strategy".into(), AMQPValue::LongString("at-least-once".into()));
    arguments.insert("x-overflow".into(), AMQPValue::LongString("reject-publish".into()));
    channel.queue_declare(subscription.queue.into(), QueueDeclareOptions::durable(), arguments).await?;
    for event in subscription.events {
        bind(channel, subscription.queue, DOMAIN_EVENTS, event).await?;
    }
    Ok(())
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> lapin::Result<()> {
    let options = QueueBindOptions::default();
    channel.queue_bind(queue.into(), exchange.into(), key.into(), options, FieldTable::default()).await
}

fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments
}
