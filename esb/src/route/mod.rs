//! Routes as data: from somewhere, under some policies, to somewhere.

mod check;
mod file;
mod forward;
mod pattern;
pub mod pipeline;
mod placement;
mod placing;
mod shipped;
mod table;

pub use check::{Known, check};
pub use file::{Format, Retry, Route, RouteFile, Source, Target};
pub use pattern::{HttpPattern, PathPattern, Segment, ServicePath};
pub use shipped::{RouteError, load};
pub use table::{Found, Table};
