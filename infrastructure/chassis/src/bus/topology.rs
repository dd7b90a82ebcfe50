//! The exchanges, queues and bindings that a process needs, declared on every connection: what is there already in the
//! same form stays as it is.

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

/// What has to be there.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    /// First.
    pub exchanges: Vec<Exchange>,
    /// Second.
    pub queues: Vec<Queue>,
    /// Third.
    pub bindings: Vec<Binding>,
}

/// A durable exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// Its name.
    pub name: String,
    /// How it routes.
    pub kind: ExchangeKind,
    /// Such as `alternate-exchange`.
    pub arguments: FieldTable,
}

/// A durable queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Such as `x-queue-type`.
    pub arguments: FieldTable,
}

/// From an exchange to a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The queue.
    pub queue: String,
    /// The exchange.
    pub exchange: String,
    /// The routing key.
    pub key: String,
}

impl Topology {
    /// What every process needs: the events' exchange, and the dead letters.
    pub fn common() -> Self {
        let exchange = |name: &str, kind| Exchange { name: name.to_owned(), kind, arguments: FieldTable::default() };
        let dead_letters = DEAD_LETTERS.to_owned();
        Self {
            exchanges: vec![exchange(DOMAIN_EVENTS, ExchangeKind::Topic), exchange(DEAD_LETTERS, ExchangeKind::Direct)],
            queues: vec![Queue::quorum(DEAD_LETTERS)],
            bindings: vec![Binding { queue: dead_letters.clone(), exchange: dead_letters.clone(), key: dead_letters }],
        }
    }

    /// Both of them.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.exchanges.extend(other.exchanges);
        self.queues.extend(other.queues);
        self.bindings.extend(other.bindings);
        self
    }

    /// Declares all of it; an error of the broker says what it has instead.
    pub(super) async fn declare(&self, channel: &Channel) -> lapin::Result<()> {
        for Exchange { name, kind, arguments } in &self.exchanges {
            let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
            channel.exchange_declare(name.as_str().into(), kind.clone(), durable, arguments.clone()).await?;
        }
        for Queue { name, arguments } in &self.queues {
            channel.queue_declare(name.as_str().into(), QueueDeclareOptions::durable(), arguments.clone()).await?;
        }
        for Binding { queue, exchange, key } in &self.bindings {
            let (queue, exchange, key) = (queue.as_str().into(), exchange.as_str().into(), key.as_str().into());
            channel.queue_bind(queue, exchange, key, QueueBindOptions::default(), FieldTable::default()).await?;
        }
        Ok(())
    }
}

impl Queue {
    /// A quorum queue.
    pub fn quorum(name: &str) -> Self {
        let kind = text("quorum");
        Self { name: name.to_owned(), arguments: FieldTable::default() }.with("x-queue-type", kind)
    }

    /// With this argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: AMQPValue) -> Self {
        self.arguments.insert(name.into(), value);
        self
    }

    /// What it turns away goes to the dead letters, at least once.
    #[must_use]
    pub fn with_dead_letters(self) -> Self {
        // Without the last two, a dead letter is passed on at most once: a crash in between would lose it.
        self.with("x-dead-letter-exchange", text(DEAD_LETTERS))
            .with("x-dead-letter-routing-key", text(DEAD_LETTERS))
            .with("x-dead-letter-strategy", text("at-least-once"))
            .with("x-overflow", text("reject-publish"))
    }
}

impl From<&Subscription> for Topology {
    fn from(subscription: &Subscription) -> Self {
        let queue = || subscription.queue.to_owned();
        let binding =
            |event: &&str| Binding { queue: queue(), exchange: DOMAIN_EVENTS.to_owned(), key: (*event).to_owned() };
        let bindings = subscription.events.iter().map(binding).collect();
        Self { exchanges: Vec::new(), queues: vec![Queue::quorum(subscription.queue).with_dead_letters()], bindings }
    }
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
