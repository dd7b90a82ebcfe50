//! Argon2id, off the threads that serve, a few at a time, with a queue that ends.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash};
use chassis::BoxError;
use contracts::Password;
use rand::TryRngCore;
use rand::rngs::OsRng;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::domain::CustomerError;
use crate::settings;

const MEMORY_KIB: u32 = 19_456;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;

/// Hashes passwords and checks them.
pub(crate) struct Passwords {
    /// Those that run or wait.
    places: Semaphore,
    /// Those that run.
    turns: Arc<Semaphore>,
    /// What is checked where there is no account, so that it takes as long.
    decoy: String,
}

/// The right to hash once.
pub(crate) struct Turn<'a> {
    _place: SemaphorePermit<'a>,
    /// Shared with the thread that hashes, which goes on where the caller has gone.
    permit: Arc<OwnedSemaphorePermit>,
    decoy: &'a str,
}

impl Passwords {
    /// As many at once, and as many waiting, as `settings` say.
    pub(crate) async fn new(settings: &settings::Passwords) -> Result<Self, BoxError> {
        let cores = available_parallelism().map_or(2, NonZeroUsize::get);
        let at_once = if settings.concurrency == 0 { cores } else { settings.concurrency };
        let mut random = [0_u8; 32];
        OsRng.try_fill_bytes(&mut random)?;
        let decoy = tokio::task::spawn_blocking(move || hash(&random)).await??;
        let places = Semaphore::new(at_once.saturating_add(settings.queue_max).min(Semaphore::MAX_PERMITS));
        Ok(Self { places, turns: Arc::new(Semaphore::new(at_once)), decoy })
    }

    /// Waits for a turn, unless too many wait already.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, CustomerError> {
        let place = self.places.try_acquire().map_err(|_full| CustomerError::Busy)?;
        let permit = Arc::clone(&self.turns).acquire_owned().await.map_err(|_closed| CustomerError::Busy)?;
        Ok(Turn { _place: place, permit: Arc::new(permit), decoy: &self.decoy })
    }

    /// The hash to store for `password`.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, CustomerError> {
        let turn = self.turn().await?;
        let permit = Arc::clone(&turn.permit);
        let work = move || {
            let hashed = hash(password.expose().as_bytes());
            drop(permit);
            hashed
        };
        tokio::task::spawn_blocking(work).await.map_err(crypto)?.map_err(crypto)
    }
}

impl Turn<'_> {
    /// Whether `password` fits `stored`; never, but as slowly, where there is none.
    pub(crate) async fn fits(&self, password: Password, stored: Option<String>) -> Result<bool, CustomerError> {
        let permit = Arc::clone(&self.permit);
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_owned());
        let work = move || {
            let verdict = verify(password.expose().as_bytes(), &stored);
            drop(permit);
            verdict
        };
        let fits = tokio::task::spawn_blocking(work).await.map_err(crypto)?.map_err(crypto)?;
        Ok(fits && known)
    }
}

fn crypto(error: impl Into<BoxError>) -> CustomerError {
    CustomerError::Crypto(error.into())
}

fn hash(password: &[u8]) -> Result<String, password_hash::Error> {
    let params = Params::new(MEMORY_KIB, ROUNDS, LANES, None).map_err(|_never| password_hash::Error::ParamsInvalid)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon2.hash_password(password)?.to_string())
}

fn verify(password: &[u8], stored: &str) -> Result<bool, password_hash::Error> {
    // The parameters are those of the stored hash.
    match Argon2::default().verify_password(password, stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn passwords(concurrency: usize, queue_max: usize) -> Passwords {
        Passwords::new(&settings::Passwords { concurrency, queue_max }).await.unwrap()
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_no_other() {
        let passwords = passwords(2, 10).await;
        let stored = passwords.hash(Password::new("pass wörd ☃")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        for (text, fits) in [("pass wörd ☃", true), ("pass word ☃", false), ("pass wörd ☃ ", false)] {
            let turn = passwords.turn().await.unwrap();
            assert_eq!(turn.fits(Password::new(text), Some(stored.clone())).await.unwrap(), fits, "{text}");
        }
        assert!(!passwords.turn().await.unwrap().fits(Password::new("any thing"), None).await.unwrap());
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_to_come_again() {
        let passwords = passwords(1, 1).await;
        let running = passwords.turn().await.unwrap();
        let mut waiting = Box::pin(passwords.turn());
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert!(matches!(passwords.turn().await, Err(CustomerError::Busy)));
        drop(running);
        assert!(waiting.await.is_ok());
        assert!(passwords.turn().await.is_ok());
    }
}
