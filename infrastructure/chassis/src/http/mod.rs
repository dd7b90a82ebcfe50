//! What handlers take and give: strict extractors, entity tags, cursors.

mod cursor;
mod document;
pub(crate) mod edge;
mod etag;
mod json;
mod params;
pub(crate) mod queries;
mod strict;
mod words;

pub use cursor::{Cursor, page_limit};
pub use document::describe_answers;
pub use edge::RouteName;
pub use etag::{ETag, if_match};
pub use json::{BodyLimit, Json, NoBody, read_body, read_json};
pub use params::{IdPath, Query, wrong_query};
