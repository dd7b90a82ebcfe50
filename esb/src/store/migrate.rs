//! Brings the tables up to date.

use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::StoreError;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// Any number, so long as every instance takes the same.
const LOCK: &str = "SELECT pg_advisory_lock(7316442108)";

/// Brings the tables of the database at `url` up to date; several instances may do so at once.
pub async fn migrate(url: &str) -> Result<(), StoreError> {
    let url = url.to_owned();
    // The harness blocks its thread, which only a multi-threaded runtime can bear.
    let done = tokio::task::spawn_blocking(move || on_own_runtime(&url)).await;
    done.map_err(|panic| StoreError::Migration(panic.to_string()))?
}

fn on_own_runtime(url: &str) -> Result<(), StoreError> {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = built.map_err(|error| StoreError::Migration(error.to_string()))?;
    runtime.block_on(async {
        let connected = AsyncPgConnection::establish(url).await;
        let mut connection = connected.map_err(|error| StoreError::Connection(error.to_string()))?;
        // Held until the connection closes.
        diesel::sql_query(LOCK).execute(&mut connection).await?;
        let mut harness = AsyncMigrationHarness::new(connection);
        let run = harness.run_pending_migrations(MIGRATIONS).map(|_versions| ());
        run.map_err(|error| StoreError::Migration(error.to_string()))
    })
}
