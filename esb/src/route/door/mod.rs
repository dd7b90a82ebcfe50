//! The ways in: each makes the same neutral request of what comes, and has the answer told in the caller's words.

mod amqp;
pub mod http;
mod login;
pub mod soap;
mod wish;

pub use amqp::{AmqpDoor, inlet};
pub use login::Logins;
pub use soap::SoapDoor;
