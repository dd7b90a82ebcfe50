//! Everything that can go wrong here, by what a caller can do about it.

use chassis::{BoxError, Fault, Kind};
use contracts::{FieldError, Id, Money, OrderStatus, Product};

/// Why something can't be done.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// The request breaks a rule.
    #[error("{}", told(.0))]
    Invalid(Vec<FieldError>),
    /// No such thing, or not the caller's.
    #[error("there is nothing with this id")]
    NotFound,
    /// The caller is neither a customer nor allowed to see orders.
    #[error("this is for customers, operators and clients with the scope orders:place")]
    Forbidden,
    /// Products to be ordered that can't be: line and id.
    #[error("{}", unknown(.0))]
    ProductNotFound(Vec<(usize, Id<Product>)>),
    /// The SKU belongs to another product.
    #[error("the SKU `{0}` belongs to another product: choose another one")]
    SkuTaken(String),
    /// More is to be taken out than there is.
    #[error("only {left} units are in stock: take out no more than that")]
    InsufficientStock {
        /// What there is.
        left: i64,
    },
    /// More is ordered than there is.
    #[error("{}", short(.0))]
    OutOfStock(Vec<Shortage>),
    /// The total is not what the caller believes.
    #[error("the price has changed: the total is now {0}")]
    PriceChanged(Money),
    /// The id belongs to another order.
    #[error("this id belongs to another order: mint a new one")]
    OrderExists,
    /// The order was cancelled before.
    #[error("this order is cancelled")]
    OrderCancelled,
    /// Another payment confirmed the order.
    #[error("this order was confirmed by another payment")]
    PaidOtherwise,
    /// Not from where the order stands.
    #[error("an order that is {from} can't become {to}")]
    IllegalTransition {
        /// Where it stands.
        from: OrderStatus,
        /// What it should have become.
        to: OrderStatus,
    },
    /// Shipped before, in another way.
    #[error("this order was shipped before, with another carrier or tracking number")]
    ShippedOtherwise,
    /// The key was used for something else.
    #[error("this Idempotency-Key was used for another request: take a new one")]
    IdempotencyMismatch,
    /// The key can't be one.
    #[error("an Idempotency-Key has 1 to 255 visible ASCII characters")]
    InvalidIdempotencyKey,
    /// Changed since the caller read it.
    #[error("it has changed since you read it: read it again, then change it")]
    Stale,
    /// The engine can't be used at the moment.
    #[error("the store is not available")]
    Unavailable(#[source] BoxError),
    /// The engine refused what it never should.
    #[error("the store failed")]
    Store(#[source] BoxError),
}

/// A line that asks for more than there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// Which line.
    pub line: usize,
    /// What the product is called.
    pub name: String,
    /// How many are left.
    pub left: i64,
}

impl Fault for OrderError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) | Self::IdempotencyMismatch | Self::InvalidIdempotencyKey => Kind::Invalid,
            Self::NotFound | Self::ProductNotFound(_) => Kind::Missing,
            Self::Forbidden => Kind::Forbidden,
            Self::Stale => Kind::Stale,
            Self::Unavailable(_) => Kind::Unavailable,
            Self::Store(_) => Kind::Bug,
            Self::SkuTaken(_)
            | Self::InsufficientStock { .. }
            | Self::OutOfStock(_)
            | Self::PriceChanged(_)
            | Self::OrderExists
            | Self::OrderCancelled
            | Self::PaidOtherwise
            | Self::IllegalTransition { .. }
            | Self::ShippedOtherwise => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-request",
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::ProductNotFound(_) => "product-not-found",
            Self::SkuTaken(_) => "sku-taken",
            Self::InsufficientStock { .. } => "insufficient-stock",
            Self::OutOfStock(_) => "out-of-stock",
            Self::PriceChanged(_) => "price-changed",
            Self::OrderExists => "order-exists",
            Self::OrderCancelled => "order-cancelled",
            Self::PaidOtherwise => "paid-otherwise",
            Self::IllegalTransition { .. } | Self::ShippedOtherwise => "illegal-transition",
            Self::IdempotencyMismatch => "idempotency-mismatch",
            Self::InvalidIdempotencyKey => "invalid-idempotency-key",
            Self::Stale => "stale",
            Self::Unavailable(_) => "unavailable",
            Self::Store(_) => "internal",
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(errors) => errors.clone(),
            Self::ProductNotFound(lines) => {
                let error = |(line, id): &(usize, _)| {
                    FieldError::new(format!("/items/{line}/product_id"), format!("there is no product {id}"))
                };
                lines.iter().map(error).collect()
            }
            Self::OutOfStock(lines) => {
                let error = |one: &Shortage| {
                    FieldError::new(format!("/items/{}/quantity", one.line), format!("{} are left", one.left))
                };
                lines.iter().map(error).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn told(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>().join("; ")
}

fn unknown(lines: &[(usize, Id<Product>)]) -> String {
    let ids = lines.iter().map(|(_, id)| id.to_string()).collect::<Vec<_>>();
    format!("there is no product {}, or it is no longer sold: take it out of the order", ids.join(", "))
}

fn short(lines: &[Shortage]) -> String {
    let told = |one: &Shortage| format!("of `{}` {} are left", one.name, one.left);
    format!("not enough in stock: {}", lines.iter().map(told).collect::<Vec<_>>().join("; "))
}
