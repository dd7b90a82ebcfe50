//! Who sees which orders.

use chassis::auth::Caller;
use contracts::{Customer, Id, Order};

use crate::domain::OrderError;

/// Places, reads and cancels orders for anybody.
const ORDERS_PLACE: &str = "orders:place";
/// Runs sagas.
const SAGA: &str = "saga";

/// What a caller may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Every order.
    Everyone,
    /// The orders of one customer.
    Own(Id<Customer>),
}

impl Reader {
    /// What this caller may see; refused where that is nothing.
    pub(super) fn of(caller: &Caller) -> Result<Self, OrderError> {
        if caller.is_operator() || caller.has_scope(ORDERS_PLACE) || caller.has_scope(SAGA) {
            return Ok(Self::Everyone);
        }
        caller.customer().map(Self::Own).ok_or(OrderError::Forbidden)
    }

    /// Another's order looks as if it were not there.
    pub(super) fn check(self, order: &Order) -> Result<(), OrderError> {
        match self {
            Self::Own(customer) if order.customer_id != customer => Err(OrderError::NotFound),
            Self::Own(_) | Self::Everyone => Ok(()),
        }
    }
}

/// Whether this is the bus, taking an order back.
pub(super) fn is_saga(caller: &Caller) -> bool {
    caller.has_scope(SAGA)
}
