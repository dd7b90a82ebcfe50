//! Brings the tables up to date, one instance at a time.

use chassis::BoxError;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::ExposeSecret;

use crate::settings::Database;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Runs what has not run yet. The lock goes with the connection, however this ends.
pub(crate) async fn migrate(settings: &Database) -> Result<(), BoxError> {
    let mut connection = AsyncPgConnection::establish(settings.url.expose_secret()).await?;
    connection.batch_execute("SELECT pg_advisory_lock(hashtext('customer-service migrations'))").await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    for version in harness.run_pending_migrations(MIGRATIONS)? {
        tracing::info!(migration = %version, "migration {version} is done");
    }
    Ok(())
}
