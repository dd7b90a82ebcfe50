//! Orders that were placed here a moment ago. Mostly the next thing that happens to one is that it is confirmed here, and
//! then it need not be read again. They may be old: a change proves them in its transaction, by the order's version.

use contracts::{Id, Order};
use quick_cache::sync::Cache;

use crate::domain::Versioned;

/// More than are under way at once.
const ORDERS_MAX: usize = 1_000;

/// The orders that were placed last.
pub(super) struct FreshOrders(Cache<Id<Order>, Versioned<Order>>);

impl Default for FreshOrders {
    fn default() -> Self {
        Self(Cache::new(ORDERS_MAX))
    }
}

impl FreshOrders {
    pub(super) fn keep(&self, order: &Versioned<Order>) {
        self.0.insert(order.document.id, order.clone());
    }

    /// The order as it was placed; it is good for one change.
    pub(super) fn take(&self, id: Id<Order>) -> Option<Versioned<Order>> {
        self.0.remove(&id).map(|(_id, order)| order)
    }
}
