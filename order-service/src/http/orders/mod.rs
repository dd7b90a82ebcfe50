//! Orders.

pub(super) mod cancel;
pub(super) mod confirm;
pub(super) mod deliver;
pub(super) mod find;
pub(super) mod list;
pub(super) mod place;
pub(super) mod ship;
