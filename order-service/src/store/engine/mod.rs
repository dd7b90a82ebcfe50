//! The engine: connections, transactions in one message, and what its refusals mean.

mod checkout;
mod failed;
mod migrate;
mod pool;
mod script;
mod statements;

pub use migrate::migrate;

pub(super) use failed::Failed;
pub(super) use pool::Engine;
pub(super) use script::{Script, bytes, moment, or_null, text};
