//! The first operator and the machine clients of the configuration: made, or brought up to date, at each start.

use chassis::BoxError;
use contracts::Password;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::{CustomerError, Email, Identity, NewAccount, SCOPES};
use crate::settings::Bootstrap;
use crate::store::{MachineClient, Store};

const ID_MAX: usize = 64;
const SECRET_MIN: usize = 8;

/// A machine client of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    id: String,
    secret: SecretString,
    scopes: Vec<String>,
}

impl Client {
    /// What is wrong with it, if anything.
    pub(crate) fn mistake(&self) -> Option<String> {
        let wrong = |detail: &str| Some(format!("bootstrap.clients: `{}`: {detail}", self.id));
        let secret = self.secret.expose_secret();
        if !is_client_id(&self.id) {
            return wrong("the id must be 1 to 64 letters, digits, `-`, `_` or `.`");
        }
        // `%` would be ambiguous: RFC 6749 wants secrets percent-encoded, and most clients don't.
        if secret.len() < SECRET_MIN || !secret.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%') {
            return wrong("the secret must be 8 or more visible ASCII characters, without `%`");
        }
        let unknown = self.scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str()))?;
        wrong(&format!("there is no scope `{unknown}`; there are {}", SCOPES.join(", ")))
    }
}

/// Whether a client may be called that.
pub(crate) fn is_client_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=ID_MAX).contains(&text.len()) && text.bytes().all(plain)
}

/// Makes what the configuration names; what is as it should be already is left alone.
pub(crate) async fn run(settings: &Bootstrap, store: &Store, identity: &Identity) -> Result<(), BoxError> {
    if !settings.operator_email.trim().is_empty() {
        let email = Email::parse(&settings.operator_email)?;
        operator(&email, settings.operator_password.expose_secret(), (store, identity)).await?;
    }
    for wanted in settings.clients()? {
        client(&wanted, store, identity).await?;
    }
    Ok(())
}

async fn operator(email: &Email, password: &str, (store, identity): (&Store, &Identity)) -> Result<(), CustomerError> {
    let password = Password::new(password);
    let Some((account, stored)) = store.account(&email.key()).await? else {
        let hash = identity.passwords.hash(password).await?;
        return match store.register(&NewAccount::operator(email.clone()), &hash, None).await {
            // Another instance may have been faster.
            Ok(_) | Err(CustomerError::EmailTaken(_)) => Ok(()),
            Err(error) => Err(error),
        };
    };
    let fits = identity.passwords.turn().await?.fits(password.clone(), Some(stored)).await?;
    if !fits || !account.is_operator {
        let hash = identity.passwords.hash(password).await?;
        store.reset_operator(account.customer.id, &hash).await?;
        tracing::info!(customer.id = %account.customer.id, "the operator's account is brought up to date");
    }
    Ok(())
}

async fn client(wanted: &Client, store: &Store, identity: &Identity) -> Result<(), CustomerError> {
    let secret = Password::new(wanted.secret.expose_secret());
    let stored = store.client(&wanted.id).await?;
    let scope = wanted.scopes.join(" ");
    let hash = stored.as_ref().map(|client| client.secret_hash.clone());
    let fits = identity.is_secret(secret.clone(), hash.clone()).await?;
    if fits && stored.is_some_and(|client| client.scope == scope) {
        return Ok(());
    }
    let secret_hash = match hash.filter(|_| fits) {
        Some(hash) => hash,
        None => identity.passwords.hash(secret).await?,
    };
    store.keep_client(&MachineClient { id: wanted.id.clone(), secret_hash, scope }).await?;
    tracing::info!(client.id = wanted.id, "the machine client `{}` is brought up to date", wanted.id);
    Ok(())
}
