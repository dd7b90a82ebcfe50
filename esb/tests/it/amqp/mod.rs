//! What the ESB does for those who send messages.

mod channels;
mod describing;
mod operations;
mod outages;
mod refusals;
mod retries;
mod sender;
mod stage;
mod topology;
