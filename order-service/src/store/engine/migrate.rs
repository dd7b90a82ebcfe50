//! Brings the schema up to date, one instance at a time.

use chassis::BoxError;
use diesel::sql_types::{BigInt, Nullable};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncMysqlConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::ExposeSecret;

use crate::settings::Database;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();
/// Locks are the server's, not the database's, so the name of the database is part of theirs.
const LOCK: &str = "SELECT GET_LOCK(CONCAT('migrate:', SHA1(DATABASE())), 120) AS got";
const UNLOCK: &str = "SELECT RELEASE_LOCK(CONCAT('migrate:', SHA1(DATABASE()))) AS got";

#[derive(QueryableByName)]
struct Lock {
    #[diesel(sql_type = Nullable<BigInt>)]
    got: Option<i64>,
}

/// Runs the migrations that this database has not seen, while no other instance does. Wants a runtime of several
/// threads.
pub async fn migrate(settings: &Database) -> Result<(), BoxError> {
    let mut connection = AsyncMysqlConnection::establish(settings.url.expose_secret()).await?;
    let lock: Lock = sql_query(LOCK).get_result(&mut connection).await?;
    if lock.got != Some(1) {
        return Err("another instance is migrating, and did not end within two minutes".into());
    }
    let mut harness = AsyncMigrationHarness::new(connection);
    let ran = harness.run_pending_migrations(MIGRATIONS)?.len();
    let mut connection = harness.into_inner();
    sql_query(UNLOCK).get_result::<Lock>(&mut connection).await?;
    tracing::info!(migrations = ran, "the schema is up to date");
    Ok(())
}
