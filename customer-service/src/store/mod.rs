//! The customers, in PostgreSQL; each question is a method.

mod addresses;
mod clients;
mod customers;
mod migrate;
mod outbox;
mod row;
mod schema;
mod search;
mod sessions;
mod signing_keys;
mod trouble;

use std::time::{Duration, Instant};

use chassis::trace::Statement;
use chassis::{BoxError, Clock};
use diesel::ConnectionError;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use secrecy::ExposeSecret;

use crate::domain::CustomerError;
use crate::settings::Database;

pub(crate) use clients::MachineClient;
pub(crate) use migrate::migrate;
pub(crate) use search::Search;

/// How long the engine is waited for at start, and how often it is asked.
const START: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(250);

/// A connection on loan.
type Connection = Object<AsyncPgConnection>;

/// The store.
#[derive(Clone)]
pub(crate) struct Store {
    pool: Pool<AsyncPgConnection>,
    wait: Duration,
    clock: Clock,
}

impl Store {
    /// The store at `settings.url`; connections are made when they are needed.
    pub(crate) fn connect(settings: &Database, clock: Clock) -> Result<Self, BoxError> {
        // The only way to fail is a panic of somebody who held its lock; then nothing is told.
        set_default_instrumentation(|| Some(Box::new(Statements(Statement::of("postgresql"))))).ok();
        let statement_timeout_ms = settings.statement_timeout_ms;
        let mut config = ManagerConfig::default();
        // A connection that died is known by then, or found out by the one retry of `twice`.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |url| open(url.to_owned(), statement_timeout_ms).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(settings.url.expose_secret(), config);
        let pool = Pool::builder(manager).max_size(settings.max_connections).build()?;
        Ok(Self { pool, wait: Duration::from_millis(settings.wait_ms), clock })
    }

    /// How many connections there are, and how busy they are.
    pub(crate) fn pool(&self) -> chassis::Pool {
        let now = self.pool.status();
        chassis::Pool { max: now.max_size, size: now.size, idle: now.available, waiting: now.waiting }
    }

    /// Waits until the engine answers: one that starts beside us, or is busy, may not do so at once.
    pub(crate) async fn awaited(&self) -> Result<(), CustomerError> {
        let until = Instant::now() + START;
        loop {
            match self.ping().await {
                Err(CustomerError::Unavailable(_) | CustomerError::Interrupted(_)) if Instant::now() < until => {
                    tokio::time::sleep(PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Whether the engine answers.
    pub(crate) async fn ping(&self) -> Result<(), CustomerError> {
        self.twice(async |mut connection| Ok(connection.batch_execute("SELECT 1").await?)).await
    }

    async fn connection(&self) -> Result<Connection, CustomerError> {
        let waited = tokio::time::timeout(self.wait, self.pool.get()).await;
        let connection = waited.map_err(|elapsed| CustomerError::Unavailable(elapsed.into()))?;
        connection.map_err(|error| CustomerError::Unavailable(error.into()))
    }

    /// Does `work`, which must be harmless to do twice; once more on another connection where it was cut off.
    async fn twice<T, F, Fut>(&self, work: F) -> Result<T, CustomerError>
    where
        F: Fn(Connection) -> Fut,
        Fut: Future<Output = Result<T, CustomerError>> + Send,
    {
        match work(self.connection().await?).await {
            Err(CustomerError::Interrupted(_)) => work(self.connection().await?).await,
            outcome => outcome,
        }
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

/// A connection with our limits. Whoever waits for it says how long ([`Store::connection`]).
async fn open(url: String, statement_timeout_ms: u32) -> Result<AsyncPgConnection, ConnectionError> {
    let mut connection = AsyncPgConnection::establish(&url).await?;
    let limits = format!(
        "SET statement_timeout = {statement_timeout_ms}; SET lock_timeout = {statement_timeout_ms}; \
         SET idle_in_transaction_session_timeout = 30000"
    );
    connection.batch_execute(&limits).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}
