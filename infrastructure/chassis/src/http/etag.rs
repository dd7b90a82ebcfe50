//! Entity tags: a strong one for each version of a resource (RFC 9110 section 8.8.3).

use std::fmt;

use actix_web::HttpRequest;
use actix_web::http::header::IF_MATCH;

use crate::{Failure, Kind};

/// The tag of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ETag(pub i64);

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

impl ETag {
    /// 412 unless the request was made for this version (or for any).
    pub fn check(self, wanted: Option<&[Self]>) -> Result<(), Failure> {
        if wanted.is_none_or(|tags| tags.contains(&self)) {
            return Ok(());
        }
        Err(Failure::new(Kind::Stale, "stale", "it has changed since you read it: read it again, then change it"))
    }
}

/// The versions that `If-Match` asks for; `None` where any will do.
pub fn if_match(request: &HttpRequest) -> Option<Vec<ETag>> {
    let header = request.headers().get(IF_MATCH)?.to_str().unwrap_or("");
    if header.trim() == "*" {
        return None;
    }
    let version = |tag: &str| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok().map(ETag);
    Some(header.split(',').filter_map(version).collect())
}
