//! What every binary needs and none is about: configuration, telemetry, problems, tokens, health, shutdown.
//!
//! If it is about orders, it does not belong here.

pub mod auth;
pub mod bus;
mod client;
pub mod fault;
mod health;
pub mod http;
mod process;
mod serve;
pub mod settings;
mod text;
pub mod trace;

pub use bus::outbox;
pub use client::{Answer, Call, CallError, Client};
pub use fault::{BoxError, Failure, Fault, Kind};
pub use health::{Check, Health};
pub use process::{Binary, Clock, Command, Pool, Tasks, run};
pub use serve::{Running, Service};
pub use text::{is_card_number, is_xml_text};
pub use trace::{Context, REQUEST_ID, Span, TRACEPARENT};
