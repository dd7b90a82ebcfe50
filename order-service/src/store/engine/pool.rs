//! Connections, how long they may take, and how often what may be repeated is.

use std::time::{Duration, Instant};

use chassis::BoxError;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncMysqlConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rand::Rng;
use secrecy::ExposeSecret;
use tokio::time::error::Elapsed;

use super::checkout::Checkout;
use super::statements::record_statements;
use super::{Failed, Script};
use crate::settings::Database;

const ATTEMPTS_MAX: u32 = 6;
/// The longest pause before the second attempt; it doubles with each.
const PAUSE_MAX: Duration = Duration::from_millis(10);
/// How long a transaction waits for a row that another one holds, in seconds, before it is rolled back and tried again.
const LOCK_WAIT_S: u32 = 2;

/// The engine.
#[derive(Clone)]
pub(crate) struct Engine {
    pool: Pool<AsyncMysqlConnection>,
    checkout_timeout: Duration,
    statement_timeout: Duration,
}

impl Engine {
    /// An engine that is connected to when it is needed.
    pub(crate) fn new(settings: &Database) -> Result<Self, BoxError> {
        record_statements();
        let seconds = settings.statement_timeout().as_secs();
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |url| establish(url.to_owned(), seconds).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(settings.url.expose_secret(), config);
        let pool = Pool::builder(manager).max_size(settings.max_connections).build()?;
        let (checkout_timeout, statement_timeout) = (settings.checkout_timeout(), settings.statement_timeout());
        Ok(Self { pool, checkout_timeout, statement_timeout })
    }

    /// Does `work`, again where others held the rows or the connection was lost: `work` must be idempotent.
    pub(crate) async fn with<T, W>(&self, work: W) -> Result<T, Failed>
    where
        W: AsyncFn(&mut AsyncMysqlConnection) -> Result<T, Failed>,
    {
        let began = Instant::now();
        let mut attempt = 1;
        loop {
            match self.once(&work).await {
                Err(failed)
                    if failed.passes() && attempt < ATTEMPTS_MAX && began.elapsed() < self.statement_timeout =>
                {
                    tracing::debug!(attempt, "the engine's work is done again: {failed:?}");
                    metrics::counter!("order_store_retries_total").increment(1);
                    tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// Does `work` once. Its future can move between threads, which that of [`Self::with`] can't.
    pub(crate) async fn attempt<T, W>(&self, work: W) -> Result<T, Failed>
    where
        W: for<'c> FnOnce(&'c mut AsyncMysqlConnection) -> BoxFuture<'c, Result<T, Failed>>,
    {
        let mut checkout = self.checkout().await?;
        let outcome = tokio::time::timeout(self.statement_timeout, work(checkout.connection()?)).await;
        self.settle(checkout, outcome)
    }

    /// Sends the transaction. Where it is refused, nothing of it is done.
    pub(crate) async fn commit(&self, script: Script) -> Result<(), Failed> {
        let text = script.finish();
        self.with(async |connection| send(connection, &text).await).await
    }

    /// How many connections there are, and how busy they are.
    pub(crate) fn pool(&self) -> chassis::Pool {
        let now = self.pool.status();
        chassis::Pool { max: now.max_size, size: now.size, idle: now.available, waiting: now.waiting }
    }

    /// Connections that are idle are closed, the others when they come back.
    pub(crate) fn close(&self) {
        self.pool.close();
    }

    async fn once<T, W>(&self, work: &W) -> Result<T, Failed>
    where
        W: AsyncFn(&mut AsyncMysqlConnection) -> Result<T, Failed>,
    {
        let mut checkout = self.checkout().await?;
        let outcome = tokio::time::timeout(self.statement_timeout, work(checkout.connection()?)).await;
        self.settle(checkout, outcome)
    }

    fn settle<T>(&self, checkout: Checkout, outcome: Result<Result<T, Failed>, Elapsed>) -> Result<T, Failed> {
        match outcome.unwrap_or_else(|_elapsed| Err(Failed::Lost("the engine did not answer in time".into()))) {
            // After a restart of the engine, the idle connections are dead as well.
            Err(Failed::Lost(cause)) => {
                self.pool.retain(|_, _| false);
                Err(Failed::Lost(cause))
            }
            outcome => {
                checkout.end();
                outcome
            }
        }
    }

    async fn checkout(&self) -> Result<Checkout, Failed> {
        let connection = tokio::time::timeout(self.checkout_timeout, self.pool.get()).await;
        let late = |_elapsed| Failed::Lost("no connection in time".into());
        Ok(Checkout::new(connection.map_err(late)??))
    }
}

async fn send(connection: &mut AsyncMysqlConnection, script: &str) -> Result<(), Failed> {
    let Err(error) = connection.batch_execute(script).await else { return Ok(()) };
    connection.batch_execute("ROLLBACK").await?;
    Err(error.into())
}

/// Full jitter, so that those who met once do not meet again.
fn pause(attempt: u32) -> Duration {
    PAUSE_MAX.saturating_mul(1 << attempt.min(5)).mul_f64(rand::rng().random())
}

/// A connection with our limits: each engine reads the comments that are meant for it.
async fn establish(url: String, statement_timeout_s: u64) -> ConnectionResult<AsyncMysqlConnection> {
    let mut connection = AsyncMysqlConnection::establish(&url).await?;
    let milliseconds = statement_timeout_s * 1000;
    let setup = format!(
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
         SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, \
         innodb_lock_wait_timeout = {LOCK_WAIT_S} /*M! , max_statement_time = {statement_timeout_s} */ \
         /*!80000 , max_execution_time = {milliseconds} */"
    );
    connection.batch_execute(&setup).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}
