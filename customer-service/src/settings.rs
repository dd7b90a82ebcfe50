//! What can be set; `settings.toml` has the defaults and the reasons.

use chassis::settings::{Auth, Broker, Http, Log, Registry, Telemetry};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::bootstrap::Client;
use crate::domain::{Email, check_password};

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server.
    pub http: Http,
    /// The log.
    pub log: Log,
    /// Where its traces go.
    pub telemetry: Telemetry,
    /// Which access tokens count.
    pub auth: Auth,
    /// The store.
    pub database: Database,
    /// The bus.
    pub broker: Broker,
    /// Where the bus is told that the service is there.
    pub registry: Registry,
    /// Hashing.
    pub passwords: Passwords,
    /// Signing in.
    pub login: Logins,
    /// What a sign-in gives.
    pub tokens: Tokens,
    /// Accounts that are there from the start.
    pub bootstrap: Bootstrap,
}

/// `[database]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Where PostgreSQL is.
    pub url: SecretString,
    /// Connections at most.
    pub max_connections: usize,
    /// How long to wait for a connection, in milliseconds.
    pub wait_ms: u64,
    /// How long a statement may run, in milliseconds.
    pub statement_timeout_ms: u32,
    /// Whether to migrate at start.
    pub migrate: bool,
}

/// `[passwords]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// Hashes at once; 0 means one per core.
    pub concurrency: usize,
    /// How many may wait.
    pub queue_max: usize,
}

/// `[login]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logins {
    /// Wrong passwords for one account.
    pub failures_per_minute: u32,
    /// Accounts whose failures are remembered.
    pub accounts_max: usize,
}

/// `[tokens]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// Life of an access token, in seconds.
    pub access_s: u32,
    /// Life of a refresh token, in days.
    pub refresh_days: u32,
    /// Age at which a signing key is replaced, in days.
    pub rotate_days: u32,
    /// How often the keys are read, in seconds.
    pub reload_s: u64,
}

/// `[bootstrap]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bootstrap {
    /// The first operator; empty for none.
    pub operator_email: String,
    /// The operator's password.
    pub operator_password: SecretString,
    /// Machine clients, as JSON; empty for none.
    pub clients: SecretString,
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
        let wrong = |is_wrong: bool, sentence: &str| is_wrong.then(|| sentence.to_owned());
        let limits = [
            wrong(self.auth.leeway_s > 60, "auth.leeway_s: must be at most 60"),
            wrong(self.database.max_connections == 0, "database.max_connections: must be at least 1"),
            wrong(self.database.wait_ms == 0, "database.wait_ms: must be at least 1"),
            wrong(self.database.statement_timeout_ms == 0, "database.statement_timeout_ms: must be at least 1"),
            wrong(self.login.failures_per_minute == 0, "login.failures_per_minute: must be at least 1"),
            wrong(self.login.accounts_max == 0, "login.accounts_max: must be at least 1"),
            wrong(!(1..=900).contains(&self.tokens.access_s), "tokens.access_s: must be 1 to 900"),
            wrong(!(1..=366).contains(&self.tokens.refresh_days), "tokens.refresh_days: must be 1 to 366"),
            wrong(!(1..=366).contains(&self.tokens.rotate_days), "tokens.rotate_days: must be 1 to 366"),
            wrong(!(1..=300).contains(&self.tokens.reload_s), "tokens.reload_s: must be 1 to 300"),
        ];
        let registry = self.registry.mistakes(&self.http);
        limits.into_iter().flatten().chain(registry).chain(self.bootstrap.mistakes()).collect()
    }
}

impl Bootstrap {
    /// The configured machine clients; the error does not repeat what is a secret.
    pub(crate) fn clients(&self) -> Result<Vec<Client>, String> {
        let text = self.clients.expose_secret();
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let clients: Result<Vec<Client>, _> = serde_json::from_str(text);
        clients
            .map_err(|error| format!("not the JSON that is wanted, at line {} column {}", error.line(), error.column()))
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let (email, password) = (self.operator_email.trim(), self.operator_password.expose_secret());
        if email.is_empty() != password.is_empty() {
            mistakes
                .push("bootstrap.operator_email: goes with bootstrap.operator_password, both or neither".to_owned());
        }
        if let Some(detail) = Email::parse(email).err().filter(|_| !email.is_empty()) {
            mistakes.push(format!("bootstrap.operator_email: {detail}"));
        }
        if let Some(detail) = check_password(password).err().filter(|_| !password.is_empty()) {
            mistakes.push(format!("bootstrap.operator_password: {detail}"));
        }
        match self.clients() {
            Ok(clients) => mistakes.extend(clients.iter().filter_map(Client::mistake)),
            Err(detail) => mistakes.push(format!("bootstrap.clients: {detail}")),
        }
        mistakes
    }
}
