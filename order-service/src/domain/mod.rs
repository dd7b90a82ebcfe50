//! What products and orders are and may become; nothing of HTTP or of the engine.

mod act;
mod draft;
mod error;
mod findings;
mod lifecycle;
mod pricing;
mod product;
mod refund;
mod stock;

pub use error::OrderError;

pub(crate) use act::{Act, Versioned, Wanted, optional_text};
pub(crate) use draft::Draft;
pub(crate) use error::Shortage;
pub(crate) use lifecycle::{cancel, confirm, deliver, ship};
pub(crate) use pricing::{Priced, Prices, Stocked, in_stock, price};
pub(crate) use product::{Edit, Entry};
pub(crate) use refund::refunded;
pub(crate) use stock::{Delta, IdempotencyKey};
