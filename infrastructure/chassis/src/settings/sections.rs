//! The sections of the settings that every binary has.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;
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
