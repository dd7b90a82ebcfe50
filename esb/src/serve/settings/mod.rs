//! The settings; `settings.toml` says what each is for.

mod xml;

use std::collections::BTreeMap;
use std::time::Duration;

use chassis::settings::{Auth, Broker, ClientLimits, Http, Log};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

pub use self::xml::Xml;
use crate::endpoint::order_events::Pace;
use crate::policy::{Networks, Rate};
use crate::route::door::soap;
use crate::{dead_letters, registry, saga};

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
    /// How services register.
    pub registry: registry::Settings,
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
    /// Messages that ask for something.
    pub amqp: Amqp,
    /// The SOAP service.
    pub soap: soap::Settings,
    /// What happens to orders.
    pub events: Events,
    /// Documents as XML.
    pub xml: Xml,
    /// Event streams.
    pub streams: Streams,
    /// The last messages.
    pub messages: Messages,
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
    /// Folders, separated by colons; empty where there is none.
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

/// `[amqp]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amqp {
    /// The machine client that a message without `user_id` comes from; empty for none.
    pub unnamed_client: String,
    /// How many messages of a route are under way at once.
    pub prefetch: u16,
    /// How often a message is tried before it is a dead letter.
    pub attempts_max: u32,
    /// The longest pause after the first failure.
    pub backoff_ms: u32,
    /// The longest pause.
    pub backoff_max_ms: u32,
}

/// `[events]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// How long events of orders are kept.
    pub retention_hours: u32,
    /// How often older ones are taken away.
    pub purge_interval_s: u64,
    /// How often an instance looks for what another has written.
    pub poll_ms: u64,
}

/// `[streams]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Streams {
    /// How many a caller may have open at once.
    pub per_caller: usize,
    /// How many there may be in all.
    pub max: usize,
}

/// `[messages]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// How much memory they may take; 0 keeps none.
    pub budget_bytes: usize,
    /// How much of a body is kept.
    pub body_max_bytes: usize,
}

impl Events {
    /// The same, as durations.
    pub fn pace(&self) -> Pace {
        Pace {
            poll: Duration::from_millis(self.poll_ms),
            retention: Duration::from_secs(u64::from(self.retention_hours) * 3600),
            purge: Duration::from_secs(self.purge_interval_s),
        }
    }
}

impl Messages {
    /// The largest message takes no more than its share of the budget.
    const fn is_sane(&self) -> bool {
        self.budget_bytes == 0 || self.budget_bytes / 32 >= self.body_max_bytes
    }
}

impl Idempotency {
    /// How long answers are kept.
    pub fn retention(&self) -> Duration {
        Duration::from_secs(u64::from(self.retention_hours) * 3600)
    }

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
            (self.events.retention_hours >= 1, "events.retention_hours: at least 1"),
            (self.events.purge_interval_s >= 1, "events.purge_interval_s: at least 1"),
            (self.events.poll_ms >= 10, "events.poll_ms: at least 10"),
            (self.messages.is_sane(), "messages.budget_bytes: 0, or at least 32 times messages.body_max_bytes"),
            (self.xml.is_sane(), "xml: all at least 1, and depth_max at most 256"),
            (self.upstream.timeout_ms >= 1, "upstream.timeout_ms: at least 1"),
            (self.auth.leeway_s <= 60, "auth.leeway_s: at most 60"),
            (self.amqp.prefetch >= 1, "amqp.prefetch: at least 1"),
            (self.amqp.attempts_max >= 1, "amqp.attempts_max: at least 1"),
            (self.amqp.backoff_ms >= 1, "amqp.backoff_ms: at least 1"),
            (self.amqp.backoff_max_ms >= self.amqp.backoff_ms, "amqp.backoff_max_ms: at least amqp.backoff_ms"),
        ];
        let broken = rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned());
        let plain = self.services.iter().filter(|(_, url)| !matches!(url.scheme(), "http" | "https"));
        let unusable = plain.map(|(name, _)| format!("services.{name}: an http or https address is wanted"));
        let parts = [self.registry.mistakes(), self.saga.mistakes(), self.dead_letters.mistakes()];
        broken.chain(unusable).chain(parts.into_iter().flatten()).collect()
    }
}
