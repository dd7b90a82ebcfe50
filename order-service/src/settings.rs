//! What can be set; `settings.toml` says why one would.

use std::time::Duration;

use chassis::settings::{Auth, Broker, ClientLimits, Http, Log, Registry, Telemetry};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

const CONNECTIONS_MAX: usize = 1000;

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server.
    pub http: Http,
    /// Logs.
    pub log: Log,
    /// Where its traces go.
    pub telemetry: Telemetry,
    /// Which tokens count.
    pub auth: Auth,
    /// Calls to others, for the keys alone.
    pub client: ClientLimits,
    /// The engine.
    pub database: Database,
    /// The bus.
    pub broker: Broker,
    /// Where the bus is told that the service is there.
    pub registry: Registry,
    /// Products.
    pub catalogue: Catalogue,
}

/// `[database]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `mysql://user:password@host:port/name`; secret because of the password.
    pub url: SecretString,
    /// Connections at most.
    pub max_connections: usize,
    /// How long a request waits for a connection, in milliseconds.
    pub checkout_timeout_ms: u64,
    /// How long the engine may work on one request, in milliseconds.
    pub statement_timeout_ms: u64,
    /// Whether the schema is brought up to date at start.
    pub migrate: bool,
}

/// `[catalogue]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// How many products' prices are kept in memory.
    pub cached_products: usize,
}

impl Database {
    pub(crate) const fn checkout_timeout(&self) -> Duration {
        Duration::from_millis(self.checkout_timeout_ms)
    }

    pub(crate) const fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms)
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        if !self.url.expose_secret().starts_with("mysql://") {
            mistakes.push("database.url: must be mysql://user:password@host:port/name".to_owned());
        }
        if !(1..=CONNECTIONS_MAX).contains(&self.max_connections) {
            mistakes.push(format!("database.max_connections: must be 1 to {CONNECTIONS_MAX}"));
        }
        if self.checkout_timeout_ms == 0 {
            mistakes.push("database.checkout_timeout_ms: must be above 0".to_owned());
        }
        if self.statement_timeout_ms < 1000 {
            mistakes.push("database.statement_timeout_ms: must be at least 1000".to_owned());
        }
        mistakes
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
        let mut mistakes = self.database.mistakes();
        if self.auth.leeway_s > 60 {
            mistakes.push("auth.leeway_s: must be at most 60".to_owned());
        }
        if self.catalogue.cached_products == 0 {
            mistakes.push("catalogue.cached_products: must be above 0".to_owned());
        }
        mistakes.extend(self.registry.mistakes(&self.http));
        mistakes
    }
}
