//! The public keys, which the bus must have had once before it is ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chassis::auth::Keys;
use chassis::{BoxError, Call, Check, Client};

use super::settings::Settings;

/// Tokens can be checked once the keys are known; that customer-service is down later does not matter here.
pub(super) fn check(settings: &Settings, keys: &Keys) -> Result<Check, BoxError> {
    let learner = Arc::new(Learner {
        client: Client::new(&settings.upstream)?,
        keys: keys.clone(),
        url: settings.auth.jwks_url.to_string(),
        known: AtomicBool::new(false),
    });
    Ok(Check::new("keys", move || {
        let learner = Arc::clone(&learner);
        async move { learner.learn().await }
    }))
}

/// Fetches the public keys, once.
struct Learner {
    client: Client,
    keys: Keys,
    url: String,
    known: AtomicBool,
}

impl Learner {
    async fn learn(&self) -> Result<(), BoxError> {
        if !self.known.load(Ordering::Relaxed) {
            self.keys.replace(&self.client.call(Call::get(&self.url)).await?.json()?);
            self.known.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}
