//! Prices in memory. They may be old: every order proves them in its transaction, by the products' versions.

use std::sync::Arc;

use contracts::{Id, OrderLine, Product};
use quick_cache::sync::Cache;

use crate::domain::{Priced, Prices};

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
