//! Access tokens of machine clients who have proved to the broker who they are: the bus speaks for them to the services.

use std::sync::Arc;

use quick_cache::sync::Cache;
use url::form_urlencoded::Serializer;

use super::Silence;
use super::token::{Issuer, Token};

/// Of how many clients tokens are kept.
const CLIENTS_MAX: usize = 1_000;
/// RFC 8693.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// That the subject is named, not shown by a token of its own.
const SUBJECT: &str = "urn:ecommerce-soa:token-type:client-id";

/// Machine clients' tokens, each fetched when it is first needed.
#[derive(Clone)]
pub struct Clients(Arc<Inner>);

struct Inner {
    issuer: Issuer,
    tokens: Cache<String, Arc<Token>>,
}

impl Clients {
    pub(super) fn new(issuer: Issuer) -> Self {
        Self(Arc::new(Inner { issuer, tokens: Cache::new(CLIENTS_MAX) }))
    }

    /// A token of this client; [`Silence::NoGrant`] where there is no such client.
    pub async fn token(&self, client: &str) -> Result<Arc<str>, Silence> {
        if let Some(known) = self.0.tokens.get(client) {
            return known.get().await;
        }
        let grant = Serializer::new(String::new())
            .extend_pairs([("grant_type", GRANT), ("subject_token", client), ("subject_token_type", SUBJECT)])
            .finish();
        let token = Arc::new(Token::new(self.0.issuer.clone(), grant));
        let text = token.get().await?;
        self.0.tokens.insert(client.to_owned(), token);
        Ok(text)
    }

    /// Forgets a token that a service has refused.
    pub fn forget(&self, client: &str, text: &str) {
        if let Some(known) = self.0.tokens.get(client) {
            known.forget(text);
        }
    }
}
