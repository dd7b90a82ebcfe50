//! An access token: fetched when it is first needed, and renewed before it ends, by one for all.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chassis::{Answer, Client};
use reqwest::header::AUTHORIZATION;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Silence;
use crate::messages::{Outcome, Traffic};
use crate::registry::Resolver;
use crate::settings::Credentials;

const ISSUER: &str = "customer-service";
/// Whoever gives up waiting for it after so long had reason to.
const PATIENCE: Duration = Duration::from_secs(5);
/// With less left than this a token is renewed while it is still used.
const AHEAD: Duration = Duration::from_mins(1);
/// With less left than this it is not used.
const MARGIN: Duration = Duration::from_secs(5);

/// The one who issues tokens, and how the bus proves to it who it is.
#[derive(Clone)]
pub(super) struct Issuer {
    pub(super) client: Client,
    pub(super) resolver: Resolver,
    pub(super) credentials: Credentials,
    pub(super) traffic: Traffic,
}

pub(super) struct Token {
    issuer: Issuer,
    /// What is asked for, as a form.
    grant: String,
    current: RwLock<Option<Current>>,
    renewing: Mutex<()>,
}

#[derive(Clone)]
pub(super) struct Current {
    pub(super) text: Arc<str>,
    ends: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: u64,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Token {
    pub(super) fn new(issuer: Issuer, grant: String) -> Self {
        Self { issuer, grant, current: RwLock::default(), renewing: Mutex::default() }
    }

    pub(super) async fn get(&self) -> Result<Arc<str>, Silence> {
        match self.current() {
            Some(current) if current.left() > AHEAD => Ok(current.text),
            Some(current) if current.is_good() => Ok(self.renew_ahead(current).await),
            _ => self.renew().await,
        }
    }

    /// Unless it has been replaced meanwhile.
    pub(super) fn forget(&self, text: &str) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|current| &*current.text == text) {
            *current = None;
        }
    }

    fn current(&self) -> Option<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One renews; the others, and it too where that fails, go on with what is still good.
    async fn renew_ahead(&self, current: Current) -> Arc<str> {
        let Ok(_turn) = self.renewing.try_lock() else { return current.text };
        match self.fetch().await {
            Ok(text) => text,
            Err(error) => {
                tracing::warn!(error = %error, "a token could not be renewed ahead");
                current.text
            }
        }
    }

    async fn renew(&self) -> Result<Arc<str>, Silence> {
        let _turn = self.renewing.lock().await;
        match self.current().filter(Current::is_good) {
            Some(current) => Ok(current.text),
            None => self.fetch().await,
        }
    }

    async fn fetch(&self) -> Result<Arc<str>, Silence> {
        let current = self.issuer.grant(self.grant.clone()).await?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(current.clone());
        Ok(current.text)
    }
}

impl Issuer {
    /// A token for what the form asks for.
    pub(super) async fn grant(&self, form: String) -> Result<Current, Silence> {
        let asked = Instant::now();
        let asking = self.traffic.ask(Some(ISSUER), PATIENCE);
        let answered = Box::pin(self.ask(form)).await;
        let status = |answer: &Answer| Outcome::of_status(answer.status.as_u16());
        asking.answered(answered.as_ref().map_or(Outcome::Failed, status));
        let granted = Self::read(&answered?)?;
        let ends = asked + Duration::from_secs(granted.expires_in);
        Ok(Current { text: granted.access_token.into(), ends })
    }

    fn read(answer: &Answer) -> Result<Granted, Silence> {
        if !answer.status.is_success() {
            let status = answer.status.as_u16();
            // RFC 6749 section 5.2.
            return Err(match answer.json::<Refused>() {
                Ok(Refused { error }) if error == "invalid_client" => Silence::Credentials,
                // What the grant is about is not, or no longer.
                Ok(Refused { error }) if error == "invalid_grant" => Silence::NoGrant,
                Ok(Refused { error }) => Silence::Token(format!("{ISSUER} answered {status} {error}")),
                Err(unreadable) => {
                    Silence::Token(format!("{ISSUER} answered {status}, and why can't be read: {unreadable}"))
                }
            });
        }
        // What it is that can't be read may be a token, and is not told.
        answer.json().map_err(|_secret| Silence::Token(format!("{ISSUER} answered something else")))
    }

    async fn ask(&self, grant: String) -> Result<Answer, Silence> {
        let issuer = self.resolver.find(ISSUER).ok_or_else(|| Silence::Unknown(ISSUER.to_owned()))?;
        let pair = format!("{}:{}", self.credentials.id, self.credentials.secret.expose_secret());
        let unheard = |error: reqwest::Error| Silence::Token(chassis::fault::chain(&error.without_url()));
        let answer = self.client.raw().post(format!("{}/auth/token", issuer.base));
        let answer = answer
            .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(grant)
            .send()
            .await
            .map_err(unheard)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(unheard)?;
        Ok(Answer { status, headers, body })
    }
}

impl Current {
    /// Whether it can still be used.
    pub(super) fn is_good(&self) -> bool {
        self.left() > MARGIN
    }

    fn left(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }
}
