//! The settings; `settings.toml` says what each is for.

use std::collections::BTreeMap;
use std::time::Duration;

use chassis::settings::{Auth, Broker, ClientLimits, Http, Log};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use crate::policy::{Networks, Rate};
use crate::{dead_letters, saga};

/// What the ESB can be told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server.
    pub http: Http,
    /// How it logs.
    pub log: Log,
    /// Which tokens count.
    pub auth: Auth,
    /// PostgreSQL.
    pub database: Database,
    /// Base URLs by name, with `_` for `-`.
    pub services: BTreeMap<String, Url>,
    /// Calls to services.
    pub upstream: ClientLimits,
    /// Who the ESB is to the services.
    pub client: Credentials,
    /// Routes beside the shipped ones.
    pub routes: Routes,
    /// What stands in front.
    pub proxy: Proxy,
    /// The limits that routes name.
    pub rate: BTreeMap<String, Rate>,
    /// Kept answers.
    pub idempotency: Idempotency,
    /// Patience.
    pub saga: saga::Settings,
    /// RabbitMQ.
    pub broker: Broker,
    /// What the bus could do nothing with.
    pub dead_letters: dead_letters::Settings,
}

/// `[database]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Where it is, perhaps with a password.
    pub url: SecretString,
    /// At most so many connections.
    pub max_connections: usize,
}

/// `[client]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The machine client's name.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
}

/// `[routes]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routes {
    /// A folder; empty where there is none.
    pub dir: String,
}

/// `[proxy]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// Whose `X-Forwarded-*` are believed.
    pub trusted: Networks,
}

/// `[idempotency]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idempotency {
    /// How long answers are kept.
    pub retention_hours: u32,
    /// How often older ones are taken away.
    pub purge_interval_s: u64,
}

impl Idempotency {
    /// How often old answers are taken away.
    pub const fn purge_interval(&self) -> Duration {
        Duration::from_secs(self.purge_interval_s)
    }
}

impl chassis::settings::Settings for Settings {
    fn log(&self) -> &Log {
        &self.log
    }

    fn http(&self) -> &Http {
        &self.http
    }

    fn mistakes(&self) -> Vec<String> {
        let rules = [
            (self.database.max_connections >= 1, "database.max_connections: at least 1"),
            (!self.client.id.is_empty(), "client.id: must be set"),
            (!self.client.secret.expose_secret().is_empty(), "client.secret: must be set"),
            (self.idempotency.retention_hours >= 24, "idempotency.retention_hours: at least 24"),
            (self.idempotency.purge_interval_s >= 1, "idempotency.purge_interval_s: at least 1"),
            (self.upstream.timeout_ms >= 1, "upstream.timeout_ms: at least 1"),
            (self.auth.leeway_s <= 60, "auth.leeway_s: at most 60"),
        ];
        let broken = rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned());
        let plain = self.services.iter().filter(|(_, url)| !matches!(url.scheme(), "http" | "https"));
        let unusable = plain.map(|(name, _)| format!("services.{name}: an http or https address is wanted"));
        broken.chain(unusable).chain(self.saga.mistakes()).chain(self.dead_letters.mistakes()).collect()
    }
}
