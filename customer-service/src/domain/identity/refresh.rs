//! Refresh tokens: opaque, random, and stored only as their digest.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contracts::Timestamp;
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

use crate::domain::CustomerError;

/// A refresh token; it can't be printed.
#[derive(Clone)]
pub(crate) struct RefreshToken(String);

/// A token that is about to be given out, and when it ends.
#[derive(Debug, Clone)]
pub(crate) struct NewRefresh {
    pub(crate) token: RefreshToken,
    pub(crate) expires_at: Timestamp,
}

impl RefreshToken {
    /// A new one, of 256 random bits.
    pub(crate) fn random() -> Result<Self, CustomerError> {
        let mut random = [0_u8; 32];
        OsRng.try_fill_bytes(&mut random).map_err(|error| CustomerError::Crypto(error.into()))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(random)))
    }

    /// The one that a client sent.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// For the client.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// For the store. No salt and no slow hash: there is nothing to guess in 256 random bits.
    pub(crate) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[refresh token]")
    }
}
