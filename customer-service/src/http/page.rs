//! Pages of lists that are ordered by id, the newest first.

use chassis::Failure;
use chassis::http::Cursor;
use contracts::{Id, Page};

use crate::domain::CustomerError;

/// The page with the first `limit` of `found`, which has one more where the list goes on.
pub(super) fn page<T>(mut found: Vec<T>, limit: u32, id: impl Fn(&T) -> Id<T>) -> Result<Page<T>, Failure> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let goes_on = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| goes_on).map(|last| Cursor::write(&id(last)));
    let next_cursor = last.transpose().map_err(|error| CustomerError::Store(error.into()))?;
    Ok(Page { items: found, next_cursor })
}
