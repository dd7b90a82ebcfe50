//! What the broker must have for messages to come in: made from the routes, and declared on every connection.

use std::collections::BTreeMap;

use chassis::bus::{Binding, DEAD_LETTERS, Exchange, Queue, Topology};
use lapin::ExchangeKind;
use lapin::types::{AMQPValue, FieldTable};

/// Where senders publish to.
pub const ESB_EXCHANGE: &str = "esb_exchange";
/// Where the broker sends what nobody is bound to.
const UNROUTABLE: &str = "unroutable";

/// A route's way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inlet<'a> {
    /// The route's name.
    pub route: &'a str,
    /// The exchange that its messages are published to.
    pub exchange: &'a str,
    /// The routing key.
    pub key: &'a str,
    /// The queue that its messages are passed on to, if they are.
    pub channel: Option<&'a str>,
}

/// The pauses between two tries: each is a queue that messages wait in, so that they outlive us and the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pauses(Vec<u32>);

impl Inlet<'_> {
    /// The queue that its messages come in by.
    pub fn queue(&self) -> String {
        queue_of(self.route)
    }

    /// From where its messages are passed on.
    pub fn outlet(&self) -> String {
        format!("esb.channel.{}", self.route)
    }
}

/// The queue that a route's messages come in by.
pub fn queue_of(route: &str) -> String {
    format!("esb.{route}")
}

impl Pauses {
    /// From `first_ms`, each twice the one before, up to `most_ms`.
    pub fn new(first_ms: u32, most_ms: u32) -> Self {
        let doubled = std::iter::successors(Some(first_ms), |ms| ms.checked_mul(2));
        Self(doubled.take_while(|ms| *ms < most_ms).chain([most_ms]).collect())
    }

    /// The pause after so many tries.
    pub fn after(&self, tries: u32) -> u32 {
        let place = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
        self.0.get(place).or(self.0.last()).copied().unwrap_or(1_000)
    }

    /// The queues that messages wait in.
    pub fn queues(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|ms| Self::exchange(*ms))
    }

    /// The exchange before the queue of a pause; the routing key says where the message comes back to.
    pub fn exchange(pause_ms: u32) -> String {
        format!("esb.retry.{pause_ms}")
    }
}

/// All that these inlets need.
pub fn topology(inlets: &[Inlet<'_>], pauses: &Pauses) -> Topology {
    let ways = inlets.iter().map(inlet);
    ways.chain(pauses.0.iter().map(|ms| pause(*ms))).fold(common(), Topology::and)
}

fn common() -> Topology {
    let alternate = FieldTable::from(BTreeMap::from([("alternate-exchange".into(), text(UNROUTABLE))]));
    Topology {
        exchanges: vec![
            fanout(UNROUTABLE),
            Exchange { name: ESB_EXCHANGE.to_owned(), kind: ExchangeKind::Direct, arguments: alternate },
        ],
        queues: Vec::new(),
        bindings: vec![binding(DEAD_LETTERS, UNROUTABLE, "")],
    }
}

fn inlet(inlet: &Inlet<'_>) -> Topology {
    let mut needed = Topology {
        exchanges: Vec::new(),
        queues: vec![Queue::quorum(&inlet.queue()).with_dead_letters()],
        bindings: vec![binding(&inlet.queue(), inlet.exchange, inlet.key)],
    };
    if let Some(queue) = inlet.channel {
        needed.exchanges.push(fanout(&inlet.outlet()));
        // Plain, so that whoever consumes it may declare it alike.
        needed.queues.push(Queue::quorum(queue));
        needed.bindings.push(binding(queue, &inlet.outlet(), ""));
    }
    needed
}

/// What has waited goes to the default exchange, under the key that it was given: the name of its queue.
fn pause(ms: u32) -> Topology {
    let name = Pauses::exchange(ms);
    let waiting = Queue::quorum(&name)
        .with("x-message-ttl", AMQPValue::LongLongInt(ms.into()))
        .with("x-dead-letter-exchange", text(""))
        .with("x-dead-letter-strategy", text("at-least-once"))
        .with("x-overflow", text("reject-publish"));
    Topology { exchanges: vec![fanout(&name)], queues: vec![waiting], bindings: vec![binding(&name, &name, "")] }
}

fn fanout(name: &str) -> Exchange {
    Exchange { name: name.to_owned(), kind: ExchangeKind::Fanout, arguments: FieldTable::default() }
}

fn binding(queue: &str, exchange: &str, key: &str) -> Binding {
    Binding { queue: queue.to_owned(), exchange: exchange.to_owned(), key: key.to_owned() }
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        assert_eq!(Pauses::new(1_000, 5_000).0, [1_000, 2_000, 4_000, 5_000]);
        assert_eq!(Pauses::new(1_000, 1_000).0, [1_000]);
        let pauses = Pauses::new(100, 400);
        assert_eq!([0, 1, 2, 3, 4, 40].map(|tries| pauses.after(tries)), [100, 100, 200, 400, 400, 400]);
    }
}
