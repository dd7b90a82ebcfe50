//! Bodies: what is at hand of them, and how they are shown.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::redact::redact;

/// A body, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// How long it is.
    pub size: Option<u64>,
    /// The bytes, where they are at hand and no secret.
    pub bytes: Option<Bytes>,
    /// Whether these are only the beginning.
    cut: Cut,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Cut {
    #[default]
    Whole,
    Short,
}

/// A body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// The text, or the bytes in base64.
    pub body: String,
    /// `utf-8` or `base64`.
    pub encoding: Encoding,
    /// Whether this is only the beginning.
    pub truncated: bool,
}

/// How a body is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Encoding {
    /// As it is.
    #[serde(rename = "utf-8")]
    Utf8,
    /// RFC 4648.
    #[serde(rename = "base64")]
    Base64,
}

impl Load {
    /// A body that is at hand.
    pub fn whole(bytes: Bytes) -> Self {
        Self { size: u64::try_from(bytes.len()).ok(), bytes: Some(bytes), cut: Cut::Whole }
    }

    /// A body of which only the length is known, if that.
    pub const fn of_size(size: Option<u64>) -> Self {
        Self { size, bytes: None, cut: Cut::Whole }
    }

    /// A copy of at most `max` bytes: the original may be part of a much larger buffer, which must not be kept.
    pub(super) fn within(self, max: usize) -> Self {
        let Some(bytes) = self.bytes.filter(|bytes| !bytes.is_empty() && max > 0) else {
            return Self { size: self.size, bytes: None, cut: Cut::Whole };
        };
        let (kept, cut) = match bytes.get(..max) {
            Some(beginning) if bytes.len() > max => (beginning, Cut::Short),
            _ => (bytes.as_ref(), Cut::Whole),
        };
        Self { size: self.size, bytes: Some(Bytes::copy_from_slice(kept)), cut }
    }

    pub(super) fn cost(&self) -> usize {
        // In base64 it grows by a third.
        self.bytes.as_ref().map_or(0, |bytes| bytes.len() + bytes.len() / 2)
    }

    pub(super) fn into_content(self) -> Option<Content> {
        let (bytes, truncated) = (self.bytes?, self.cut == Cut::Short);
        let bytes = redact(&bytes)?;
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => Some(text),
            // The cut went through a character.
            Err(error) if truncated && error.error_len().is_none() => {
                bytes.get(..error.valid_up_to()).and_then(|whole| std::str::from_utf8(whole).ok())
            }
            Err(_binary) => None,
        };
        Some(match text {
            Some(text) => Content { body: text.to_owned(), encoding: Encoding::Utf8, truncated },
            None => Content { body: STANDARD.encode(&bytes), encoding: Encoding::Base64, truncated },
        })
    }
}
