//! Opaque cursors, and the size of a page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contracts::{FieldError, LIMIT_DEFAULT, LIMIT_MAX};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Failure;

/// Where a list goes on; opaque to callers.
#[derive(Debug)]
pub struct Cursor;

impl Cursor {
    /// The cursor that stands for `place`.
    pub fn write<T: Serialize>(place: &T) -> Result<String, serde_json::Error> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(place)?))
    }

    /// The place that this cursor stands for; 422 where we never gave it out.
    pub fn read<T: DeserializeOwned>(cursor: &str) -> Result<T, Failure> {
        let wrong = || {
            let detail = "is not a cursor of this list: pass `next_cursor` of the page before, unchanged";
            Failure::invalid(vec![FieldError::new("/cursor", detail)])
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_not_base64| wrong())?;
        serde_json::from_slice(&bytes).map_err(|_not_a_place| wrong())
    }
}

/// How many items a page holds; 422 outside of 1 to 100.
pub fn page_limit(limit: Option<u32>) -> Result<u32, Failure> {
    let limit = limit.unwrap_or(LIMIT_DEFAULT);
    if (1..=LIMIT_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(Failure::invalid(vec![FieldError::new("/limit", format!("must be 1 to {LIMIT_MAX}"))]))
}
