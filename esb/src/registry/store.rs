//! The registry in PostgreSQL.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::store::{Store, StoreError};

/// The instances in this store.
#[derive(Clone)]
pub(super) struct Instances(pub(super) Store);

/// One that wants to be known.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub(super) name: &'a str,
    pub(super) url: &'a str,
    pub(super) version: Option<&'a str>,
    pub(super) openapi_url: Option<&'a str>,
    pub(super) by: &'a str,
    pub(super) lease: Duration,
}

/// One that is known.
#[derive(Debug, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub(super) instance: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Text)]
    pub(super) url: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) version: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) openapi_url: Option<String>,
    #[diesel(sql_type = Integer)]
    pub(super) lease_seconds: i32,
    #[diesel(sql_type = Timestamptz)]
    pub(super) lease_expires_at: DateTime<Utc>,
    /// How long the lease holds from the moment of reading; less than nothing where it has ended.
    #[diesel(sql_type = BigInt)]
    pub(super) left_ms: i64,
}

/// A lease that was given.
#[derive(Debug, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(super) struct Lease {
    #[diesel(sql_type = SqlUuid)]
    pub(super) instance: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub(super) lease_expires_at: DateTime<Utc>,
}

impl Instances {
    /// Gives or renews a lease; `id` where the instance is new, or its lease had ended. `None` where there are `max`
    /// instances already.
    pub(super) async fn keep(&self, id: Uuid, wish: &Wish<'_>, max: u32) -> Result<Option<Lease>, StoreError> {
        let query = diesel::sql_query(KEEP)
            .bind::<SqlUuid, _>(id)
            .bind::<Text, _>(wish.name)
            .bind::<Text, _>(wish.url)
            .bind::<Nullable<Text>, _>(wish.version)
            .bind::<Nullable<Text>, _>(wish.openapi_url)
            .bind::<Text, _>(wish.by)
            .bind::<Integer, _>(i32::try_from(wish.lease.as_secs()).unwrap_or(i32::MAX))
            .bind::<BigInt, _>(i64::from(max));
        Ok(query.load(&mut self.0.connection().await?).await?.pop())
    }

    /// Those whose leases hold, or held `back` ago; the latest first.
    pub(super) async fn load(&self, back: Duration) -> Result<Vec<Row>, StoreError> {
        let back = i64::try_from(back.as_millis()).unwrap_or(i64::MAX);
        let query = diesel::sql_query(LOAD).bind::<BigInt, _>(back);
        Ok(query.load(&mut self.0.connection().await?).await?)
    }

    /// Takes one away; whether it was there.
    pub(super) async fn remove(&self, name: &str, instance: Uuid) -> Result<bool, StoreError> {
        let query = diesel::sql_query(REMOVE).bind::<Text, _>(name).bind::<SqlUuid, _>(instance);
        Ok(!query.load::<Lease>(&mut self.0.connection().await?).await?.is_empty())
    }

    /// Takes away what has not counted for a day.
    pub(super) async fn purge(&self) -> Result<usize, StoreError> {
        Ok(diesel::sql_query(PURGE).execute(&mut self.0.connection().await?).await?)
    }
}

/// Whoever comes back after the end of its lease is somebody new.
const KEEP: &str = "\
INSERT INTO service_instances AS old \
(instance, name, url, version, openapi_url, registered_by, lease_seconds, lease_expires_at, changed_at) \
SELECT $1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $7), now() \
WHERE (SELECT count(*) FROM service_instances WHERE lease_expires_at > now()) < $8 \
OR EXISTS (SELECT FROM service_instances WHERE name = $2 AND url = $3 AND lease_expires_at > now()) \
ON CONFLICT (name, url) DO UPDATE SET version = excluded.version, openapi_url = excluded.openapi_url, \
registered_by = excluded.registered_by, lease_seconds = excluded.lease_seconds, \
lease_expires_at = excluded.lease_expires_at, \
instance = CASE WHEN old.lease_expires_at > now() THEN old.instance ELSE excluded.instance END, \
changed_at = CASE WHEN old.lease_expires_at > now() AND old.version IS NOT DISTINCT FROM excluded.version \
AND old.openapi_url IS NOT DISTINCT FROM excluded.openapi_url THEN old.changed_at ELSE now() END \
RETURNING instance, lease_expires_at";

const LOAD: &str = "\
SELECT instance, name, url, version, openapi_url, lease_seconds, lease_expires_at, \
(extract(epoch FROM lease_expires_at - now()) * 1000)::bigint AS left_ms FROM service_instances \
WHERE lease_expires_at > now() - $1 * interval '1 millisecond' ORDER BY changed_at DESC, instance DESC";

const REMOVE: &str = "\
DELETE FROM service_instances WHERE name = $1 AND instance = $2 AND lease_expires_at > now() \
RETURNING instance, lease_expires_at";

const PURGE: &str = "DELETE FROM service_instances WHERE lease_expires_at < now() - interval '1 day'";
