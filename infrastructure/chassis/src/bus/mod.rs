//! The one AMQP connection of a process: it recovers by itself, and every publish is confirmed.

mod consume;
mod link;
pub mod outbox;
mod publish;
mod relay;
mod topology;

pub use consume::{Incoming, Verdict};
pub use link::Bus;
pub use publish::{Outgoing, PublishError, Sent};
pub use relay::relay;
pub use topology::{DEAD_LETTERS, DOMAIN_EVENTS, Subscription};
