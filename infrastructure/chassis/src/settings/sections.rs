//! The sections of the settings that every binary has.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

/// `[http]`: the server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Address and port; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Threads that serve; 0 means one per core.
    pub workers: usize,
    /// The largest body that is read, in bytes.
    pub body_max_bytes: usize,
    /// How long a client may take to send its headers, and then its body, in milliseconds.
    pub read_timeout_ms: u64,
    /// How long an idle connection is kept, in milliseconds.
    pub keep_alive_ms: u64,
    /// How long requests that run may take to end at shutdown, in seconds.
    pub shutdown_grace_s: u64,
}

impl Http {
    /// How long a client may take to send its headers, and then its body.
    pub const fn read_timeout(&self) -> Duration {
        Duration::from_millis(self.read_timeout_ms)
    }
}

/// `[log]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `auto` is `pretty` on a terminal and `json` elsewhere.
    pub format: LogFormat,
    /// As `tracing_subscriber::EnvFilter` reads it, such as `info,actix_server=warn`.
    pub filter: String,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON elsewhere.
    Auto,
    /// One object a line.
    Json,
    /// For people.
    Pretty,
}

/// `[telemetry]`: where traces go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// The base address of an OTLP collector, such as `http://tempo:4318`; empty: no span is made.
    pub otlp_endpoint: String,
    /// Which share of the traces that begin here is recorded, 0 to 1; those of callers are as they say.
    pub sampling_ratio: f64,
    /// How many finished spans may wait for the collector; what is more is dropped, and counted.
    pub queue_spans: usize,
}

impl Telemetry {
    /// What is wrong.
    pub(super) fn mistakes(&self) -> Vec<String> {
        let is_url = |text: &str| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let there = self.otlp_endpoint.is_empty() || is_url(&self.otlp_endpoint);
        let rules = [
            (there, "telemetry.otlp_endpoint: must be http or https"),
            ((0.0..=1.0).contains(&self.sampling_ratio), "telemetry.sampling_ratio: must be 0 to 1"),
            (self.queue_spans > 0, "telemetry.queue_spans: must be at least 1"),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned()).collect()
    }
}

/// `[auth]`: which access tokens count.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The claim `iss`.
    pub issuer: String,
    /// The claim `aud`.
    pub audience: String,
    /// Where the public keys are.
    pub jwks_url: Url,
    /// How far clocks may be apart, in seconds; at most 60.
    pub leeway_s: u64,
    /// How many checked tokens are remembered.
    pub cache_entries: usize,
}

/// `[client]`: calls to other services.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientLimits {
    /// For a call as a whole, in milliseconds.
    pub timeout_ms: u64,
    /// For the connection, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Idle connections kept for each host.
    pub idle_per_host: usize,
}

/// `[broker]`: RabbitMQ.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broker {
    /// `amqp://user:password@host:port/vhost`; empty for none: events then wait in the outbox.
    pub url: SecretString,
}

/// `[registry]`: where this process says where it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// The base address of the bus; empty: nobody is told.
    pub url: String,
    /// Where others reach this process; empty: where it listens.
    pub public_url: String,
    /// Where tokens are; empty: `/auth/token` of the bus.
    pub token_url: String,
    /// The machine client that registers, with the scope `registry`.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// How long the bus believes it without hearing again, in seconds.
    pub lease_s: u32,
}

impl Registry {
    /// What is wrong, for a process that listens as `http` says.
    pub fn mistakes(&self, http: &Http) -> Vec<String> {
        if self.url.is_empty() {
            return Vec::new();
        }
        let is_url = |text: &str| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let or_empty = |text: &str| text.is_empty() || is_url(text);
        let unsaid = self.public_url.is_empty() && http.listen.ip().is_unspecified();
        let rules = [
            (is_url(&self.url), "registry.url: must be http or https"),
            (or_empty(&self.public_url), "registry.public_url: must be http or https"),
            (!unsaid, "registry.public_url: must be set where http.listen names no address"),
            (or_empty(&self.token_url), "registry.token_url: must be http or https"),
            (!self.client_id.is_empty(), "registry.client_id: must be set with registry.url"),
            (!self.client_secret.expose_secret().is_empty(), "registry.client_secret: must be set with registry.url"),
            ((1..=3600).contains(&self.lease_s), "registry.lease_s: must be 1 to 3600"),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned()).collect()
    }
}
