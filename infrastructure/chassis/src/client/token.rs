//! An access token of a machine client, fetched when it is first needed and again before it ends.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Call, Client};
use crate::BoxError;

/// With less left than this it is not used.
const MARGIN: Duration = Duration::from_secs(30);

/// Who asks for tokens, and where.
#[derive(Debug)]
pub(super) struct Credentials {
    pub(super) token_url: String,
    pub(super) id: String,
    pub(super) secret: SecretString,
}

/// What was granted.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: String,
    ends: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: u64,
}

impl Credentials {
    /// A token with this scope (RFC 6749 section 4.4).
    pub(super) async fn ask(&self, client: &Client, scope: &str) -> Result<Token, BoxError> {
        let asked = Instant::now();
        let pair = STANDARD.encode(format!("{}:{}", self.id, self.secret.expose_secret()));
        let call = Call::new(Method::POST, &self.token_url).header(AUTHORIZATION, &format!("Basic {pair}"))?;
        let answer = client.call(call.form(&format!("grant_type=client_credentials&scope={scope}"))).await?;
        if !answer.status.is_success() {
            return Err(format!("no token: `{}` answered {}", self.token_url, answer.status.as_u16()).into());
        }
        let granted: Granted = answer.json()?;
        let life = Duration::from_secs(granted.expires_in).saturating_sub(MARGIN);
        Ok(Token { text: granted.access_token, ends: asked + life })
    }
}

impl Token {
    pub(super) fn is_good(&self) -> bool {
        self.ends > Instant::now()
    }
}
