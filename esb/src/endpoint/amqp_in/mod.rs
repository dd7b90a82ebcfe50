//! Messages that come in by AMQP: where they arrive, what is read from them, and what becomes of them.

mod document;
mod journey;
mod letter;
mod reply;
mod topology;

pub use document::{Document, NoDocument, Parts};
pub use journey::Journey;
pub use letter::{DeadLetter, Reason};
pub use reply::Reply;
pub use topology::{ESB_EXCHANGE, Inlet, Pauses, queue_of, topology};
