//! The one AMQP connection of a process: it recovers by itself, and every publish is confirmed.

mod batch;
mod channel;
mod consume;
mod depth;
mod intake;
mod lane;
mod link;
pub mod outbox;
mod publish;
mod relay;
mod topology;

pub use channel::{Passed, Passing};
pub use consume::{Incoming, Verdict};
pub use intake::{Delivered, Intake, Settled};
pub use lane::Lane;
pub use link::Bus;
pub use publish::{Outgoing, PublishError, Sent};
pub use relay::relay;
pub use topology::{Binding, DEAD_LETTERS, DOMAIN_EVENTS, Exchange, Queue, Subscription, Topology};
