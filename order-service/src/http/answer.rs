//! How documents go out.

use actix_web::HttpResponse;
use actix_web::http::header::{ETAG, LOCATION};
use chassis::Failure;
use chassis::http::{Cursor, ETag};
use contracts::Page;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::{OrderError, Versioned};

/// 200 with the document and its tag.
pub(super) fn found<T: Serialize>(found: &Versioned<T>) -> HttpResponse {
    HttpResponse::Ok().insert_header((ETAG, ETag(found.version).to_string())).json(&found.document)
}

/// 201 with the document, its tag and its place.
pub(super) fn created<T: Serialize>(created: &Versioned<T>, location: String) -> HttpResponse {
    let tag = ETag(created.version).to_string();
    HttpResponse::Created().insert_header((ETAG, tag)).insert_header((LOCATION, location)).json(&created.document)
}

/// The place that a list goes on from.
pub(super) fn place<P: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<P>, Failure> {
    cursor.map(Cursor::read).transpose()
}

/// A page of `limit` items, of which one more was asked for, so that we know whether there is a next page.
pub(super) fn page<T, P: Serialize>(
    mut items: Vec<T>,
    limit: u32,
    place: impl Fn(&T) -> P,
) -> Result<Page<T>, OrderError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(place);
    let cursor = last.map(|place| Cursor::write(&place)).transpose();
    Ok(Page { items, next_cursor: cursor.map_err(|error| OrderError::Store(error.into()))? })
}
