//! What can be set; `settings.toml` says why one would.

use std::time::Duration;

use chassis::settings::{Auth, Broker, ClientLimits, Http, Log, Registry, Telemetry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::store::Limits;

/// The settings of the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server.
    pub http: Http,
    /// How it logs.
    pub log: Log,
    /// Where its traces go.
    pub telemetry: Telemetry,
    /// Which access tokens count.
    pub auth: Auth,
    /// Calls to other services.
    pub client: ClientLimits,
    /// The engine.
    pub database: Database,
    /// The bus.
    pub broker: Broker,
    /// Where the bus is told that the service is there.
    pub registry: Registry,
    /// The bank.
    pub provider: Provider,
    /// What becomes of answers that the bank owes.
    pub ask_again: AskAgain,
}

/// `[database]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// A MongoDB URL that names a database; it may hold a password.
    pub url: SecretString,
    /// The size of the pool.
    pub max_connections: u32,
    /// For a connection, in milliseconds.
    pub connect_timeout_ms: u64,
    /// For a question to the engine, in milliseconds.
    pub timeout_ms: u64,
}

/// `[provider]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// For an answer, in milliseconds.
    pub timeout_ms: u64,
    /// What the sandbox takes for each answer, in milliseconds.
    pub latency_ms: u64,
}

/// `[ask_again]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskAgain {
    /// The first wait, in milliseconds.
    pub after_ms: u64,
    /// The longest wait, in milliseconds.
    pub after_max_ms: u64,
    /// Between two looks at the queue, in milliseconds.
    pub pause_ms: u64,
}

impl Settings {
    /// How long things may take.
    pub fn limits(&self) -> Limits {
        Limits {
            timeout: Duration::from_millis(self.database.timeout_ms),
            ask_after: Duration::from_millis(self.ask_again.after_ms),
            ask_after_max: Duration::from_millis(self.ask_again.after_max_ms),
        }
    }
}

impl chassis::settings::Settings for Settings {
    fn log(&self) -> &Log {
        &self.log
    }

    fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    fn http(&self) -> &Http {
        &self.http
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut want = |good: bool, what: &str| {
            if !good {
                mistakes.push(what.to_owned());
            }
        };
        want(self.auth.leeway_s <= 60, "auth.leeway_s: 60 at most");
        want(self.database.url.expose_secret().starts_with("mongodb"), "database.url: a mongodb:// URL is wanted");
        want(self.database.max_connections > 0, "database.max_connections: 1 at least");
        want(self.database.connect_timeout_ms > 0, "database.connect_timeout_ms: 1 at least");
        want(self.database.timeout_ms > 0, "database.timeout_ms: 1 at least");
        want(self.provider.timeout_ms > 0, "provider.timeout_ms: 1 at least");
        want(self.ask_again.pause_ms > 0, "ask_again.pause_ms: 1 at least");
        let patient = self.ask_again.after_ms > self.provider.timeout_ms;
        want(patient, "ask_again.after_ms: more than provider.timeout_ms, or whoever asks now is overtaken");
        let ordered = self.ask_again.after_max_ms >= self.ask_again.after_ms;
        want(ordered, "ask_again.after_max_ms: ask_again.after_ms at least");
        mistakes.extend(self.registry.mistakes(&self.http));
        mistakes
    }
}

/// The embedded defaults with these `(variable, value)` pairs on top, as from the environment.
pub fn with(overrides: &[(&str, String)]) -> Result<Settings, chassis::settings::Mistakes> {
    let pairs = overrides.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    chassis::settings::load(crate::NAME, crate::DEFAULTS, None, pairs)
}
