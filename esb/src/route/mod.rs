//! Routes as data: from somewhere, under some policies, to somewhere.

mod by_amqp;
pub mod by_http;
mod check;
mod file;
mod forward;
mod pattern;
pub mod pipeline;
mod placement;
mod placing;
mod shipped;
mod table;

pub use by_amqp::{AmqpDoor, inlet};
pub use check::{Known, check};
pub use file::{Doors, Format, Retry, Route, RouteFile, Target};
pub use pattern::{HttpPattern, PathPattern, Segment, ServicePath};
pub use shipped::{RouteError, load};
pub use table::{Found, Table};
