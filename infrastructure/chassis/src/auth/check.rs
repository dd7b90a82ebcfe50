//! The check of an access token: signature, issuer, audience, time; remembered until it ends.

use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::AUTHORIZATION;
use jsonwebtoken::{Validation, decode, decode_header};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use super::caller::Checked;
use super::{Caller, Claims, Keys};
use crate::{BoxError, Clock, settings};

/// Checks access tokens.
#[derive(Clone)]
pub struct Auth {
    inner: Arc<Inner>,
}

struct Inner {
    keys: Keys,
    settings: settings::Auth,
    clock: Clock,
    seen: Cache<[u8; 32], Caller>,
}

impl Auth {
    /// Tokens signed by one of `keys`, as `settings` want them.
    pub fn new(settings: &settings::Auth, keys: Keys, clock: Clock) -> Self {
        let seen = Cache::new(settings.cache_entries.max(1));
        Self { inner: Arc::new(Inner { keys, settings: settings.clone(), clock, seen }) }
    }

    /// Forgets every token seen, as after a revocation.
    pub fn forget(&self) {
        self.inner.seen.clear();
    }

    /// The caller with this token; `None` where the token is no good; an error where that can't be known now.
    pub async fn check(&self, token: &str) -> Result<Option<Caller>, BoxError> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(caller) = self.inner.seen.get(&digest) {
            return Ok(Some(caller).filter(|caller| self.is_in_time(&caller.0)));
        }
        let Some(kid) = decode_header(token).ok().and_then(|header| header.kid) else { return Ok(None) };
        let Some(public) = self.inner.keys.find(&kid).await? else { return Ok(None) };
        let mut validation = Validation::new(public.algorithm);
        validation.set_issuer(&[&self.inner.settings.issuer]);
        validation.set_audience(&[&self.inner.settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Time is judged by our clock, below.
        validation.validate_exp = false;
        let Ok(decoded) = decode::<Claims>(token, &public.key, &validation) else { return Ok(None) };
        if !self.is_in_time(&decoded.claims) {
            return Ok(None);
        }
        let caller = Caller::new(decoded.claims);
        self.inner.seen.insert(digest, caller.clone());
        Ok(Some(caller))
    }

    fn is_in_time(&self, claims: &Claims) -> bool {
        let now = u64::try_from(self.inner.clock.now().timestamp()).unwrap_or(0);
        let leeway = self.inner.settings.leeway_s;
        now < claims.exp.saturating_add(leeway) && claims.iat <= now.saturating_add(leeway)
    }
}

/// Checks the token of a request, where there is one, and keeps the outcome with the request.
pub(crate) async fn authenticate(auth: &Auth, request: &ServiceRequest) {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return };
    let token = header.to_str().ok().and_then(bearer);
    let checked = match token {
        None => Checked::Bad,
        Some(token) => match auth.check(token).await {
            Ok(Some(caller)) => Checked::Good(caller),
            Ok(None) => Checked::Bad,
            Err(error) => {
                tracing::error!(error.chain = crate::fault::chain(error.as_ref()), "a token could not be checked");
                Checked::Unknowable
            }
        },
    };
    request.extensions_mut().insert(checked);
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
