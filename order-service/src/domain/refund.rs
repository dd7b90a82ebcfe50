//! How far giving the money of an order back has come.

use contracts::{Money, Order, RefundProgress, Timestamp};

/// The order after `refunded` came back in all; `None` where it knows that, or of more, already. Events may come late
/// and out of order, so progress never goes back.
pub(crate) fn refunded(order: &Order, refunded: Money, at: Timestamp) -> Option<Order> {
    let same_currency = refunded.currency() == order.total.currency();
    let reached = if !same_currency || refunded.is_zero() {
        return None;
    } else if refunded.amount() >= order.total.amount() {
        RefundProgress::Full
    } else {
        RefundProgress::Partial
    };
    match (order.refund, reached) {
        (RefundProgress::Full, _) | (RefundProgress::Partial, RefundProgress::Partial) => None,
        (RefundProgress::None | RefundProgress::Requested | RefundProgress::Partial, _) => {
            Some(Order { refund: reached, updated_at: at, ..order.clone() })
        }
    }
}
