//! What every binary needs and none is about: configuration, telemetry, problems, tokens, health, shutdown.
//!
//! If it is about orders, it does not belong here.

pub mod auth;
pub mod bus;
mod client;
mod clock;
mod context;
pub mod fault;
mod health;
pub mod http;
pub mod outbox;
mod run;
mod serve;
pub mod settings;
mod tasks;
mod telemetry;
mod text;

pub use client::{Answer, Call, CallError, Client};
pub use clock::Clock;
pub use context::{Context, REQUEST_ID, TRACEPARENT};
pub use fault::{BoxError, Failure, Fault, Kind};
pub use health::{Check, Health};
pub use run::{Command, run};
pub use serve::{Running, Service};
pub use tasks::Tasks;
pub use text::{is_card_number, is_xml_text};
