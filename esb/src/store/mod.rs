//! The ESB's own PostgreSQL database.

mod answers;
mod batch;
mod claim;
mod migrate;
pub mod order_events;
mod prepared;
mod row;
mod sagas;
pub mod standing;
#[cfg(test)]
mod tests;
mod writer;

use std::time::Duration;

use chassis::trace::Statement;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

pub use answers::{Answers, Claimed, Command, Kept, Ticket};
pub use migrate::migrate;
pub use sagas::Sagas;

/// How long a query waits for a connection.
const CONNECTION_WAIT_MAX: Duration = Duration::from_secs(5);

pub(crate) type Connection = Object<AsyncPgConnection>;

/// The database.
#[derive(Clone)]
pub struct Store {
    pool: Pool<AsyncPgConnection>,
}

/// The database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no way to reach it.
    #[error("no connection to the database: {0}")]
    Connection(String),
    /// It refused, or broke off.
    #[error("the database failed")]
    Query(#[from] diesel::result::Error),
    /// What it keeps can't be read.
    #[error("what is kept can't be read: {0}")]
    Unreadable(String),
    /// Its tables could not be brought up to date.
    #[error("the migration failed: {0}")]
    Migration(String),
}

/// Statements are prepared while the tables are still empty, when reading all of a table looks cheapest, and that plan
/// would be kept as they grow. Every question here has its index.
fn by_index(url: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options=-c%20enable_seqscan%3Doff")
}

impl Store {
    /// A store over at most `connections` connections, made when they are needed.
    pub fn connect(url: &str, connections: usize) -> Result<Self, StoreError> {
        // The only way to fail is a panic of somebody who held its lock; then nothing is told.
        set_default_instrumentation(|| Some(Box::new(Statements(Statement::of("postgresql"))))).ok();
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        // A test query at every checkout would double the round trips; a dead connection is seen without one.
        config.recycling_method = RecyclingMethod::Fast;
        let manager = AsyncDieselConnectionManager::new_with_config(by_index(url), config);
        let built = Pool::builder(manager).max_size(connections).build();
        Ok(Self { pool: built.map_err(|error| StoreError::Connection(error.to_string()))? })
    }

    /// How many connections are in use.
    pub fn in_use(&self) -> usize {
        let status = self.pool.status();
        status.size.saturating_sub(status.available)
    }

    /// How many connections there are, and how busy they are.
    pub fn pool(&self) -> chassis::Pool {
        let now = self.pool.status();
        chassis::Pool { max: now.max_size, size: now.size, idle: now.available, waiting: now.waiting }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        diesel::sql_query("SELECT 1").execute(&mut connection).await?;
        Ok(())
    }

    pub(crate) async fn connection(&self) -> Result<Connection, StoreError> {
        let waited = tokio::time::timeout(CONNECTION_WAIT_MAX, self.pool.get()).await;
        let got = waited.map_err(|late| StoreError::Connection(late.to_string()))?;
        got.map_err(|error| StoreError::Connection(error.to_string()))
    }
}

/// The statements of one connection, told in the trace of the request that they are for.
struct Statements(Statement);

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => self.0.begin(query),
            InstrumentationEvent::FinishQuery { error, .. } => self.0.end(error),
            _ => {}
        }
    }
}
