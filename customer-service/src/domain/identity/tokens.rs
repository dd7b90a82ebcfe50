//! Access tokens: JWT, signed with the current key.

use std::sync::{PoisonError, RwLock};

use chassis::auth::{Claims, Keys};
use chassis::{BoxError, Clock};
use chrono::Duration;
use contracts::Id;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};

use super::keys::{SigningKey, current};
use super::{NewRefresh, RefreshToken};
use crate::Settings;
use crate::domain::{CustomerError, SignedIn};

/// Gives out tokens.
pub(crate) struct Tokens {
    issuer: String,
    audience: String,
    clock: Clock,
    access_s: u32,
    refresh: Duration,
    /// What our own check of tokens knows.
    keys: Keys,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    keys: Vec<SigningKey>,
    published: JwkSet,
}

impl Tokens {
    /// As `settings` want them; `keys` learn each key that signs here.
    pub(super) fn new(settings: &Settings, keys: Keys, clock: Clock) -> Self {
        Self {
            issuer: settings.auth.issuer.clone(),
            audience: settings.auth.audience.clone(),
            clock,
            access_s: settings.tokens.access_s,
            refresh: Duration::days(settings.tokens.refresh_days.into()),
            keys,
            state: RwLock::default(),
        }
    }

    /// Takes these keys instead of the ones known.
    pub(crate) fn replace(&self, keys: Vec<SigningKey>) -> Result<(), CustomerError> {
        let published = JwkSet { keys: keys.iter().map(public).collect::<Result<_, _>>().map_err(crypto)? };
        self.keys.replace(&published);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = State { keys, published };
        Ok(())
    }

    /// The public keys.
    pub(crate) fn published(&self) -> JwkSet {
        self.state.read().unwrap_or_else(PoisonError::into_inner).published.clone()
    }

    /// Seconds that an access token lives.
    pub(crate) fn access_s(&self) -> u32 {
        self.access_s
    }

    /// How long a refresh token lives.
    pub(crate) fn refresh_life(&self) -> Duration {
        self.refresh
    }

    /// An access token for a person.
    pub(crate) fn for_customer(&self, who: &SignedIn) -> Result<String, CustomerError> {
        self.sign(Claims { roles: who.roles(), ..self.claims(who.customer.id.to_string()) })
    }

    /// An access token for a machine client.
    pub(crate) fn for_client(&self, id: &str, scope: String) -> Result<String, CustomerError> {
        self.sign(Claims { scope, ..self.claims(id.to_owned()) })
    }

    /// A refresh token, not yet known to the store.
    pub(crate) fn new_refresh(&self) -> Result<NewRefresh, CustomerError> {
        Ok(NewRefresh { token: RefreshToken::random()?, expires_at: self.clock.now() + self.refresh })
    }

    fn claims(&self, sub: String) -> Claims {
        let iat = u64::try_from(self.clock.now().timestamp()).unwrap_or(0);
        Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub,
            iat,
            exp: iat + u64::from(self.access_s),
            jti: Id::<Claims>::mint().to_string(),
            roles: Vec::new(),
            scope: String::new(),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "claims are made to be signed")]
    fn sign(&self, claims: Claims) -> Result<String, CustomerError> {
        let (kid, key) = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            let key = current(&state.keys, self.clock.now()).ok_or_else(|| crypto("there is no key to sign with"))?;
            (key.kid.clone(), EncodingKey::from_ed_der(&key.private_key))
        };
        let header = Header { kid: Some(kid), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &key).map_err(crypto)
    }
}

fn public(key: &SigningKey) -> Result<Jwk, jsonwebtoken::errors::Error> {
    let mut jwk = Jwk::from_encoding_key(&EncodingKey::from_ed_der(&key.private_key), Algorithm::EdDSA)?;
    jwk.common.key_id = Some(key.kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

fn crypto(error: impl Into<BoxError>) -> CustomerError {
    CustomerError::Crypto(error.into())
}
