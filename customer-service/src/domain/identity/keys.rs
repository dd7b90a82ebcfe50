//! Keys that sign access tokens: how they are made, and how one follows the other.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use contracts::Timestamp;
use rand::TryRngCore;
use rand::rngs::OsRng;

use crate::domain::CustomerError;

/// Everybody must have seen a new key before it signs: every instance reads the keys within 5 minutes, and verifiers
/// keep what they fetched from one of them for 5 more.
pub(super) const AHEAD: Duration = Duration::minutes(15);
/// A retired key is published until the last token that it signed has ended, and a little longer.
const PUBLISHED_AFTER: Duration = Duration::minutes(30);
/// PKCS #8 of an Ed25519 key (RFC 8410 section 7) before its 32 bytes.
const PKCS8_PREFIX: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// A key that signs, or has signed.
#[derive(Clone)]
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    /// PKCS #8, DER.
    pub(crate) private_key: Vec<u8>,
    pub(crate) created_at: Timestamp,
    pub(crate) retired_at: Option<Timestamp>,
}

impl SigningKey {
    /// A new key: 32 random bytes are an Ed25519 private key (RFC 8032 section 5.1.5).
    pub(crate) fn random(now: Timestamp) -> Result<Self, CustomerError> {
        let mut random = [0_u8; 40];
        OsRng.try_fill_bytes(&mut random).map_err(|error| CustomerError::Crypto(error.into()))?;
        let (secret, name) = random.split_at(32);
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(name),
            private_key: [PKCS8_PREFIX.as_slice(), secret].concat(),
            created_at: now,
            retired_at: None,
        })
    }

    /// When this key stops to sign if its successor is made `now`.
    pub(crate) fn retirement(now: Timestamp) -> Timestamp {
        now + AHEAD
    }

    /// Whether nobody needs this key any longer.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.retired_at.is_some_and(|retired_at| retired_at + PUBLISHED_AFTER < now)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Whether a new key is wanted: there is none, or the newest is older than `age_max`.
pub(crate) fn is_rotation_due(keys: &[SigningKey], age_max: Duration, now: Timestamp) -> bool {
    keys.iter().map(|key| key.created_at).max().is_none_or(|newest| newest + age_max <= now)
}

/// The key to sign with: the newest that everybody has seen; where there is none, the oldest, which is the first.
pub(super) fn current(keys: &[SigningKey], now: Timestamp) -> Option<&SigningKey> {
    let seen = keys.iter().filter(|key| key.created_at + AHEAD <= now).max_by_key(|key| key.created_at);
    seen.or_else(|| keys.iter().min_by_key(|key| key.created_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_signs_once_everybody_has_seen_it() {
        let start = Timestamp::UNIX_EPOCH;
        let first = SigningKey::random(start).unwrap();
        assert_eq!(current(std::slice::from_ref(&first), start).unwrap().kid, first.kid);
        let month = Duration::days(30);
        let rotation = start + month;
        let keys = [first.clone(), SigningKey::random(rotation).unwrap()];
        assert_eq!(current(&keys, rotation + Duration::minutes(14)).unwrap().kid, first.kid);
        assert_eq!(current(&keys, rotation + AHEAD).unwrap().kid, keys[1].kid);
        assert!(!is_rotation_due(&keys, month, rotation) && is_rotation_due(&keys[..1], month, rotation));
    }

    #[test]
    fn a_retired_key_outlives_its_tokens() {
        let now = Timestamp::UNIX_EPOCH;
        let key = SigningKey { retired_at: Some(SigningKey::retirement(now)), ..SigningKey::random(now).unwrap() };
        let last_token_ends = now + AHEAD + Duration::minutes(15);
        assert!(!key.is_over(last_token_ends + Duration::minutes(1)));
        assert!(key.is_over(now + Duration::hours(1)));
    }
}
