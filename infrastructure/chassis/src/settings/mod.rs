//! Configuration: embedded defaults ← file ← environment; every mistake at once, each with its key and source.

mod load;
mod sections;

pub use load::{Mistakes, load};
pub use sections::{Auth, Broker, ClientLimits, Http, Log, LogFormat, Registry, Telemetry};

use serde::de::DeserializeOwned;

/// The settings of a binary.
pub trait Settings: DeserializeOwned {
    /// How it logs.
    fn log(&self) -> &Log;

    /// Where its traces go.
    fn telemetry(&self) -> &Telemetry;

    /// Where it listens; for the health check of the binary itself.
    fn http(&self) -> &Http;

    /// What is wrong beyond types: one sentence each, beginning with the key.
    fn mistakes(&self) -> Vec<String> {
        Vec::new()
    }
}
