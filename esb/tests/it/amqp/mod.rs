//! What the ESB does for those who send messages.

mod channels;
mod describing;
mod keys;
mod operations;
mod outages;
mod refusals;
mod retries;
pub(crate) mod sender;
pub(crate) mod stage;
mod topology;
