//! Proof of who somebody is: passwords, machine clients' secrets, tokens.

mod keys;
mod passwords;
mod refresh;
mod throttle;
mod tokens;

use chassis::auth::Keys;
use chassis::{BoxError, Clock};
use contracts::Password;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use super::CustomerError;
use super::password::is_plausible;
use crate::Settings;

pub(crate) use keys::{SigningKey, is_rotation_due};
pub(crate) use passwords::Passwords;
pub(crate) use refresh::{NewRefresh, RefreshToken};
pub(crate) use tokens::Tokens;

use throttle::Throttle;

/// How many secrets are known to be right without hashing them again.
const SECRETS_MAX: usize = 1_000;

/// All that is needed to know somebody.
pub(crate) struct Identity {
    pub(crate) passwords: Passwords,
    pub(crate) tokens: Tokens,
    throttle: Throttle,
    /// Digests of a stored hash with the secret that was found to fit it: a changed hash fits nothing in here.
    verified: Cache<[u8; 32], ()>,
}

impl Identity {
    /// As `settings` want it; `keys` get the public keys of what is signed here.
    pub(crate) async fn new(settings: &Settings, keys: Keys, clock: Clock) -> Result<Self, BoxError> {
        Ok(Self {
            passwords: Passwords::new(&settings.passwords).await?,
            throttle: Throttle::new(&settings.login, clock.clone()),
            tokens: Tokens::new(settings, keys, clock),
            verified: Cache::new(SECRETS_MAX),
        })
    }

    /// Whether `password` fits `stored`, which is absent where there is no account; it takes the same time then.
    /// `account` is what failures are counted for.
    pub(crate) async fn check(
        &self,
        account: &str,
        password: &Password,
        stored: Option<String>,
    ) -> Result<(), CustomerError> {
        self.throttle.admit(account)?;
        let turn = self.passwords.turn().await?;
        // Others may have failed while this one waited.
        self.throttle.admit(account)?;
        let stored = stored.filter(|_| is_plausible(password.expose()));
        if turn.fits(password.clone(), stored).await? {
            return Ok(());
        }
        self.throttle.failed(account);
        Err(CustomerError::WrongCredentials)
    }

    /// Whether `secret` is the machine client's. Not throttled: the secrets are too long to be guessed, and a stranger
    /// must not be able to shut a machine out.
    pub(crate) async fn is_secret(&self, secret: Password, stored: Option<String>) -> Result<bool, CustomerError> {
        let digest = stored.as_deref().map(|stored| digest_of(stored, secret.expose()));
        if digest.is_some_and(|digest| self.verified.get(&digest).is_some()) {
            return Ok(true);
        }
        let fits = self.passwords.turn().await?.fits(secret, stored).await?;
        if let Some(digest) = digest.filter(|_| fits) {
            self.verified.insert(digest, ());
        }
        Ok(fits)
    }
}

fn digest_of(stored: &str, secret: &str) -> [u8; 32] {
    Sha256::new().chain_update(stored).chain_update([0]).chain_update(secret).finalize().into()
}
