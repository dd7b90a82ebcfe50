//! Access tokens of machine clients who show the bus their own secret, as by SOAP: got with it, and kept without it.

use std::sync::Arc;

use chassis::Client;
use quick_cache::sync::Cache;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::Silence;
use super::token::{Current, Issuer};
use crate::messages::Traffic;
use crate::registry::Resolver;
use crate::settings::Credentials;

/// Of how many clients tokens are kept.
const MACHINES_MAX: usize = 1_000;
/// RFC 6749 section 4.4.2; all of the client's scopes.
const GRANT: &str = "grant_type=client_credentials";

/// Tokens by the digest of the credentials they were got with. A wrong secret is asked about each time.
#[derive(Clone)]
pub struct Machines(Arc<Inner>);

struct Inner {
    client: Client,
    resolver: Resolver,
    traffic: Traffic,
    tokens: Cache<[u8; 32], Current>,
}

impl Machines {
    pub(super) fn new(client: Client, resolver: Resolver, traffic: Traffic) -> Self {
        Self(Arc::new(Inner { client, resolver, traffic, tokens: Cache::new(MACHINES_MAX) }))
    }

    /// The token that was got with these before, while it is good.
    pub fn known(&self, credentials: &Credentials) -> Option<Arc<str>> {
        let digest = digest(credentials);
        let kept = self.0.tokens.get(&digest)?;
        if !kept.is_good() {
            self.0.tokens.remove(&digest);
            return None;
        }
        Some(kept.text)
    }

    /// A new one, asked for once however many want it; [`Silence::Credentials`] where these are no good.
    pub async fn fetch(&self, credentials: &Credentials) -> Result<Arc<str>, Silence> {
        let (client, resolver) = (self.0.client.clone(), self.0.resolver.clone());
        let issuer = Issuer { client, resolver, credentials: credentials.clone(), traffic: self.0.traffic.clone() };
        let grant = issuer.grant(GRANT.to_owned());
        Ok(self.0.tokens.get_or_insert_async(&digest(credentials), grant).await?.text)
    }

    /// Forgets a token that somebody has refused.
    pub fn forget(&self, credentials: &Credentials, text: &str) {
        let digest = digest(credentials);
        if self.0.tokens.get(&digest).is_some_and(|kept| *kept.text == *text) {
            self.0.tokens.remove(&digest);
        }
    }
}

/// A name holds no colon, or one pair could pass for another.
fn digest(credentials: &Credentials) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(credentials.id.as_bytes());
    hasher.update(b":");
    hasher.update(credentials.secret.expose_secret().as_bytes());
    hasher.finalize().into()
}
