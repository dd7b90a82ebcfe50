//! The public keys that tokens are checked against, by `kid`, fetched and kept fresh.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::Mutex;
use url::Url;

use crate::{BoxError, Call, Client};

/// How old the keys may be before they are fetched anew.
const FRESH: Duration = Duration::from_mins(5);
/// How often a `kid` that nobody knows may make us ask again.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// A key, with the one algorithm it may be used with.
#[derive(Clone)]
pub(super) struct PublicKey {
    pub(super) key: DecodingKey,
    pub(super) algorithm: Algorithm,
}

/// The keys of the issuer.
#[derive(Clone)]
pub struct Keys {
    known: Arc<RwLock<Known>>,
    source: Option<Arc<Source>>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, PublicKey>,
    fetched: Option<Instant>,
}

struct Source {
    url: Url,
    client: Client,
    /// When we last asked; held while asking, so that one asks for all.
    asked: Mutex<Option<Instant>>,
}

impl Keys {
    /// Keys that are published at `url`.
    pub fn at(url: Url, client: Client) -> Self {
        let source = Source { url, client, asked: Mutex::new(None) };
        Self { known: Arc::default(), source: Some(Arc::new(source)) }
    }

    /// Keys of our own; [`Self::replace`] changes them.
    pub fn own() -> Self {
        Self { known: Arc::default(), source: None }
    }

    /// Takes these keys instead of the ones known; keys of other kinds than Ed25519 and P-256 are left out.
    pub fn replace(&self, set: &JwkSet) {
        let keys = set.keys.iter().filter_map(|jwk| Some((jwk.common.key_id.clone()?, usable(jwk)?))).collect();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known { keys, fetched: Some(Instant::now()) };
    }

    /// The key with this id; `None` where the issuer has none. An error means that the issuer can't be asked.
    pub(super) async fn find(&self, kid: &str) -> Result<Option<PublicKey>, BoxError> {
        let (found, stale) = self.look(kid);
        let Some(source) = self.source.as_ref().filter(|_| stale || found.is_none()) else { return Ok(found) };
        match self.refresh(source).await {
            Ok(()) => Ok(self.look(kid).0),
            // A key that was good a moment ago is better than no answer.
            Err(error) if found.is_some() => {
                tracing::warn!(error.chain = crate::fault::chain(error.as_ref()), "public keys could not be renewed");
                Ok(found)
            }
            Err(error) => Err(error),
        }
    }

    fn look(&self, kid: &str) -> (Option<PublicKey>, bool) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let stale = known.fetched.is_none_or(|at| at.elapsed() > FRESH);
        (known.keys.get(kid).cloned(), stale)
    }

    async fn refresh(&self, source: &Source) -> Result<(), BoxError> {
        let mut asked = source.asked.lock().await;
        let have_some = !self.known.read().unwrap_or_else(PoisonError::into_inner).keys.is_empty();
        if have_some && asked.is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return Ok(());
        }
        let answer = source.client.call(Call::get(source.url.as_str())).await?;
        if !answer.status.is_success() {
            return Err(format!("the keys' address answered {}", answer.status).into());
        }
        self.replace(&answer.json()?);
        *asked = Some(Instant::now());
        Ok(())
    }
}

fn usable(jwk: &Jwk) -> Option<PublicKey> {
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        AlgorithmParameters::EllipticCurve(pair) if pair.curve == EllipticCurve::P256 => Algorithm::ES256,
        _ => return None,
    };
    DecodingKey::from_jwk(jwk).ok().map(|key| PublicKey { key, algorithm })
}
