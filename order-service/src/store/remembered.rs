//! What is kept in memory, and may be old. Prices: every order proves them in its transaction, by the products' versions.
//! Orders that were placed here a moment ago: mostly the next thing that happens to one is that it is confirmed here, and
//! then it need not be read again; a change proves them, by the order's version.

use std::sync::Arc;

use contracts::{Id, Order, OrderLine, Product};
use quick_cache::sync::Cache;

use crate::domain::{Priced, Prices, Versioned};

/// More than are under way at once.
const ORDERS_MAX: usize = 1_000;

/// The prices that were read last.
pub(super) struct PriceCache(Cache<Id<Product>, Arc<Priced>>);

impl PriceCache {
    pub(super) fn new(products_max: usize) -> Self {
        Self(Cache::new(products_max))
    }

    /// The prices of all these lines; `None` where one is not known.
    pub(super) fn of(&self, lines: &[OrderLine]) -> Option<Prices> {
        lines.iter().map(|line| Some((line.product_id, self.0.get(&line.product_id)?))).collect()
    }

    pub(super) fn keep(&self, id: Id<Product>, priced: &Arc<Priced>) {
        self.0.insert(id, Arc::clone(priced));
    }

    pub(super) fn forget(&self, id: Id<Product>) {
        self.0.remove(&id);
    }
}

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
