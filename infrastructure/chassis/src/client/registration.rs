//! Tells the bus where this process is, again and again while it serves, and that it is gone when it stops.

use std::net::SocketAddr;
use std::time::Duration;

use contracts::{RegisterService, RegisteredService};
use reqwest::{Method, StatusCode};
use tokio::sync::Mutex;

use super::token::{Credentials, Token};
use super::{Answer, Call, Client};
use crate::BoxError;
use crate::settings::{ClientLimits, Registry};

/// The pause after the first failure; it doubles, up to a third of the lease.
const BACKOFF: Duration = Duration::from_millis(250);
/// How long a stopping process tries to say so.
const FAREWELL_MAX: Duration = Duration::from_secs(2);
const LIMITS: ClientLimits = ClientLimits { timeout_ms: 5000, connect_timeout_ms: 1000, idle_per_host: 1 };
const SCOPE: &str = "registry";

/// A place in the registry of the bus.
#[derive(Debug)]
pub(crate) struct Registration {
    base: String,
    own: RegisterService,
    lease: Duration,
    client: Client,
    credentials: Credentials,
    token: Mutex<Option<Token>>,
    instance: Mutex<Option<String>>,
}

impl Registration {
    /// For the service `name` that listens on `addr`; `None` where the settings name no registry.
    pub(crate) fn new(name: &str, settings: &Registry, addr: SocketAddr) -> Result<Option<Self>, BoxError> {
        if settings.url.is_empty() {
            return Ok(None);
        }
        let base = settings.url.trim_end_matches('/').to_owned();
        let own = if settings.public_url.is_empty() { format!("http://{addr}") } else { settings.public_url.clone() };
        let own = own.trim_end_matches('/').to_owned();
        let own = RegisterService {
            name: name.to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            openapi_url: Some(format!("{own}/openapi.json")),
            url: own,
            lease_seconds: Some(settings.lease_s),
        };
        let there = |url: &str| if url.is_empty() { format!("{base}/auth/token") } else { url.to_owned() };
        let credentials = Credentials {
            token_url: there(&settings.token_url),
            id: settings.client_id.clone(),
            secret: settings.client_secret.clone(),
        };
        let (client, lease) = (Client::new(&LIMITS)?, Duration::from_secs(settings.lease_s.into()));
        let (token, instance) = (Mutex::default(), Mutex::default());
        Ok(Some(Self { base, own, lease, client, credentials, token, instance }))
    }

    /// Registers and renews, for ever. Whoever issues tokens may not be there yet, and the bus neither: then later.
    pub(crate) async fn keep(&self) {
        let third = self.lease / 3;
        let mut failures = 0_u32;
        loop {
            let told = self.register().await;
            self.log(told.as_ref().err(), failures);
            failures = if told.is_ok() { 0 } else { failures.saturating_add(1) };
            let backoff = BACKOFF.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(third);
            tokio::time::sleep(if failures == 0 { third } else { backoff }).await;
        }
    }

    /// Nothing more is to be sent here. Where that can't be said, the lease ends by itself.
    pub(crate) async fn leave(&self) {
        let said = tokio::time::timeout(FAREWELL_MAX, self.remove()).await;
        match said.unwrap_or_else(|_elapsed| Err("no answer in time".into())) {
            Ok(()) => tracing::info!("no longer registered"),
            Err(error) => tracing::warn!("could not be taken off the registry: {}", chain(&error)),
        }
    }

    async fn register(&self) -> Result<(), BoxError> {
        let call = Call::new(Method::POST, format!("{}/registry/register", self.base)).json(&self.own)?;
        let answer = self.ask(call).await?;
        if !answer.status.is_success() {
            return Err(refused(&answer));
        }
        *self.instance.lock().await = Some(answer.json::<RegisteredService>()?.instance);
        Ok(())
    }

    async fn remove(&self) -> Result<(), BoxError> {
        let Some(instance) = self.instance.lock().await.take() else { return Ok(()) };
        let place = format!("{}/registry/services/{}/{instance}", self.base, self.own.name);
        let answer = self.ask(Call::new(Method::DELETE, place)).await?;
        let gone = answer.status.is_success() || answer.status == StatusCode::NOT_FOUND;
        if gone { Ok(()) } else { Err(refused(&answer)) }
    }

    async fn ask(&self, call: Call) -> Result<Answer, BoxError> {
        let mut token = self.token.lock().await;
        let good = match token.take().filter(Token::is_good) {
            Some(good) => good,
            None => self.credentials.ask(&self.client, SCOPE).await?,
        };
        let answer = self.client.call(call.bearer(&good.text)?).await?;
        // Revoked, perhaps: the next call brings another.
        *token = Some(good).filter(|_| answer.status != StatusCode::UNAUTHORIZED);
        Ok(answer)
    }

    /// Once when it begins to fail, and once when it is well again.
    fn log(&self, error: Option<&BoxError>, failures: u32) {
        let (name, base) = (&self.own.name, &self.base);
        match error {
            Some(error) if failures == 0 => tracing::warn!("not registered at {base}, tried again: {}", chain(error)),
            Some(error) => tracing::debug!(failures, "not registered at {base}: {}", chain(error)),
            None if failures > 0 => tracing::info!("registered at {base} as `{name}`, after {failures} failures"),
            None => tracing::debug!("registered at {base} as `{name}`"),
        }
    }
}

fn refused(answer: &Answer) -> BoxError {
    let why = answer.problem().map(|problem| problem.detail).unwrap_or_default();
    format!("it answered {} {why}", answer.status.as_u16()).into()
}

fn chain(error: &BoxError) -> String {
    crate::fault::chain(error.as_ref())
}
