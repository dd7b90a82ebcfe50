//! Routes as data: from somewhere, under some policies, to somewhere.

mod check;
pub mod door;
mod file;
mod forward;
pub mod mediation;
mod once;
mod pattern;
pub mod pipeline;
mod placing;
mod shipped;
mod table;

pub use check::{Known, check};
pub use door::{AmqpDoor, Logins, SoapDoor, inlet};
pub use file::{Doors, Format, Retry, Route, RouteFile, Schema, Stage, Target};
pub(crate) use once::LEASE;
pub use once::once;
pub use pattern::{HttpPattern, PathPattern, Segment, ServicePath};
pub use shipped::{RouteError, load};
pub use table::{Found, Table};
