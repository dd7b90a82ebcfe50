//! The catalogue.

pub(super) mod add;
pub(super) mod edit;
pub(super) mod find;
pub(super) mod list;
pub(super) mod stock;
