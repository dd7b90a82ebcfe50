//! Signing keys: made by one instance, used by all.

use diesel::{ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::Store;
use super::row::SigningKeyRow;
use super::schema::signing_keys;
use crate::domain::{CustomerError, SigningKey, is_rotation_due};

impl Store {
    /// The keys, after a new one was made where the newest is older than `age_max`, and what is over was taken away.
    pub(crate) async fn signing_keys(&self, age_max: chrono::Duration) -> Result<Vec<SigningKey>, CustomerError> {
        let now = self.clock.now();
        self.twice(async |mut connection| {
            let keys = load(&mut connection).await?;
            if !is_rotation_due(&keys, age_max, now) && !keys.iter().any(|key| key.is_over(now)) {
                return Ok(keys);
            }
            connection.transaction(async |connection| self.rotate_keys(connection, age_max).await).await
        })
        .await
    }

    /// One instance at a time: who comes second finds the work done.
    async fn rotate_keys(
        &self,
        connection: &mut AsyncPgConnection,
        age_max: chrono::Duration,
    ) -> Result<Vec<SigningKey>, CustomerError> {
        connection.batch_execute("SELECT pg_advisory_xact_lock(hashtext('customer-service signing keys'))").await?;
        let now = self.clock.now();
        let keys = load(connection).await?;
        let over = keys.iter().filter(|key| key.is_over(now)).map(|key| key.kid.clone()).collect::<Vec<_>>();
        let gone = signing_keys::table.filter(signing_keys::kid.eq_any(over));
        diesel::delete(gone).execute(connection).await?;
        if is_rotation_due(&keys, age_max, now) {
            let signing = signing_keys::table.filter(signing_keys::retired_at.is_null());
            let retired = signing_keys::retired_at.eq(SigningKey::retirement(now));
            diesel::update(signing).set(retired).execute(connection).await?;
            let key = SigningKey::random(now)?;
            tracing::info!(key.id = key.kid, "a new signing key is made");
            let row = SigningKeyRow::from(key);
            diesel::insert_into(signing_keys::table).values(row).execute(connection).await?;
        }
        load(connection).await
    }
}

async fn load(connection: &mut AsyncPgConnection) -> Result<Vec<SigningKey>, CustomerError> {
    let rows: Vec<SigningKeyRow> =
        signing_keys::table.order(signing_keys::created_at).select(SigningKeyRow::as_select()).load(connection).await?;
    Ok(rows.into_iter().map(SigningKey::from).collect())
}
