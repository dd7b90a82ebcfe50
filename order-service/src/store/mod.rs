//! Products, stock and orders in the engine: its questions are the methods of [`Store`].

mod engine;
mod orders;
mod outbox;
mod place;
mod products;
mod refunds;
mod remembered;
mod row;
mod schema;
mod stock;
mod transitions;

pub use engine::migrate;
pub use refunds::Recorded;

pub(crate) use orders::{OrderFilter, OrderPlace};
pub(crate) use place::Placed;
pub(crate) use products::{ProductFilter, ProductPlace, Range};
pub(crate) use stock::{Stocktaking, Told};

use std::sync::Arc;

use chassis::{BoxError, Clock};
use diesel_async::SimpleAsyncConnection;
use engine::{Engine, Failed};
use remembered::{FreshOrders, PriceCache};

use crate::{OrderError, Settings};

/// What the service knows.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    prices: Arc<PriceCache>,
    fresh: Arc<FreshOrders>,
    clock: Clock,
}

impl Store {
    /// A store that connects when it is first asked.
    pub fn new(settings: &Settings, clock: Clock) -> Result<Self, BoxError> {
        let engine = Engine::new(&settings.database)?;
        let prices = Arc::new(PriceCache::new(settings.catalogue.cached_products));
        Ok(Self { engine, prices, fresh: Arc::default(), clock })
    }

    /// The time it goes by.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Whether the engine answers.
    pub async fn ping(&self) -> Result<(), OrderError> {
        let ping = self.engine.with(async |connection| Ok(connection.batch_execute("DO 1").await?));
        Ok(ping.await?)
    }

    /// How many connections there are, and how busy they are.
    pub(crate) fn pool(&self) -> chassis::Pool {
        self.engine.pool()
    }

    /// Gives up the connections.
    pub fn close(&self) {
        self.engine.close();
    }
}
