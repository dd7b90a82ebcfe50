//! What the bus itself asks of the services, as their machine client.

mod clients;
mod machines;
mod token;

use std::sync::Arc;
use std::time::Duration;

use chassis::settings::ClientLimits;
use chassis::{Answer, BoxError, Call, CallError, Client};
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, StatusCode};
use serde::Serialize;

pub use self::clients::Clients;
pub use self::machines::Machines;
use self::token::{Issuer, Token};
use crate::messages::{Outcome, Traffic};
use crate::registry::Resolver;
use crate::settings::Credentials;

/// RFC 6749 section 4.4.2.
const OWN_GRANT: &str = "grant_type=client_credentials&scope=customers%3Aread%20saga";

/// The services, asked with the bus's own token.
#[derive(Clone)]
pub struct Services(Arc<Inner>);

struct Inner {
    client: Client,
    resolver: Resolver,
    token: Token,
    clients: Clients,
    machines: Machines,
    traffic: Traffic,
    patience: Duration,
}

/// A question to a service.
#[derive(Debug)]
pub struct Question<'a, B> {
    /// The method.
    pub method: &'a Method,
    /// Whom.
    pub service: &'a str,
    /// What.
    pub path: &'a str,
    /// The document that goes along.
    pub body: Option<&'a B>,
}

/// There is no answer. What was asked for may have happened.
#[derive(Debug, thiserror::Error)]
pub enum Silence {
    /// The service is in no list.
    #[error("nobody knows a service `{0}`")]
    Unknown(String),
    /// The bus could not prove who it is.
    #[error("no token: {0}")]
    Token(String),
    /// Whoever asked for a token has not shown the secret to its name.
    #[error("the credentials are not good")]
    Credentials,
    /// There is nobody whom the bus could speak for.
    #[error("there is no such client")]
    NoGrant,
    /// The call failed.
    #[error("{}", chassis::fault::chain(.0))]
    Call(#[from] CallError),
}

impl Services {
    /// The services that `resolver` finds; what they are asked is counted in `traffic`.
    pub fn new(
        limits: &ClientLimits,
        resolver: Resolver,
        credentials: Credentials,
        traffic: &Traffic,
    ) -> Result<Self, BoxError> {
        let (client, traffic) = (Client::new(limits)?, traffic.clone());
        let issuer =
            Issuer { client: client.clone(), resolver: resolver.clone(), credentials, traffic: traffic.clone() };
        let machines = Machines::new(client.clone(), resolver.clone(), traffic.clone());
        let (token, clients) = (Token::new(issuer.clone(), OWN_GRANT.to_owned()), Clients::new(issuer));
        let patience = Duration::from_millis(limits.timeout_ms);
        Ok(Self(Arc::new(Inner { client, resolver, token, clients, machines, traffic, patience })))
    }

    /// Tokens of those for whom the bus asks.
    pub fn clients(&self) -> &Clients {
        &self.0.clients
    }

    /// Tokens of those who show the bus their own secret.
    pub fn machines(&self) -> &Machines {
        &self.0.machines
    }

    /// The service's answer, whatever its status.
    pub async fn ask<B: Serialize>(&self, question: &Question<'_, B>) -> Result<Answer, Silence> {
        let token = self.0.token.get().await?;
        let mut call = Call::new(question.method.clone(), self.url(question.service, question.path)?).bearer(&token)?;
        if let Some(body) = question.body {
            call = call.json(body)?;
        }
        let answer = self.call(question.service, call).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            // Revoked, perhaps: the next call brings another.
            self.0.token.forget(&token);
        }
        Ok(answer)
    }

    /// The service's answer to somebody else: it is for the caller's own `Authorization` to decide.
    pub async fn ask_as(&self, authorization: &str, service: &str, path: &str) -> Result<Answer, Silence> {
        let call = Call::get(self.url(service, path)?).header(AUTHORIZATION, authorization)?;
        self.call(service, call).await
    }

    async fn call(&self, service: &str, call: Call) -> Result<Answer, Silence> {
        let asking = self.0.traffic.ask(Some(service), self.0.patience);
        let answered = self.0.client.call(call).await;
        asking.answered(answered.as_ref().map_or(Outcome::Failed, |answer| Outcome::of_status(answer.status.as_u16())));
        Ok(answered?)
    }

    fn url(&self, service: &str, path: &str) -> Result<String, Silence> {
        let found = self.0.resolver.find(service).ok_or_else(|| Silence::Unknown(service.to_owned()))?;
        Ok(format!("{}{path}", found.base))
    }
}
