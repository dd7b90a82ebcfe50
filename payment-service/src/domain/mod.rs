//! What a payment is, what may become of it, and why not: no engine, no web.

mod account;
mod charge;
mod entry;
mod error;
#[cfg(test)]
mod properties;
mod reason;
mod refund;
mod standing;
mod token;
mod void;

pub use account::{Account, Key, Step};
pub use charge::{Asked, Charged};
pub use entry::{Entry, Fact};
pub use error::PaymentError;
pub use reason::Reason;
pub use refund::{RefundRequest, Refunded};
pub use standing::{Illegal, Open, Standing, fold};
pub use token::Token;
pub use void::Cancelled;
