//! New letters, many at once.

use diesel::sql_types::{Array, Binary, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, RunQueryDsl};

use super::{Letters, plain};
use crate::dead_letters::letter::Incoming;
use crate::store::StoreError;

impl Letters {
    /// Keeps them all, or none. What is kept already is not kept again: by the id that we gave it, by the id that the ESB
    /// gave it, and, for what the broker gives out for the second time, by all of its bytes.
    pub(in crate::dead_letters) async fn insert(&self, letters: &[Incoming]) -> Result<(), StoreError> {
        let mut connection = self.0.connection().await?;
        connection
            .transaction(async |connection| {
                // A redelivery must see what another instance is just writing.
                diesel::sql_query(LOCK).execute(connection).await?;
                diesel::sql_query(INSERT)
                    .bind::<Array<SqlUuid>, _>(column(letters, |one| one.id))
                    .bind::<Array<Nullable<Text>>, _>(column(letters, |one| one.dead_id.as_deref().map(plain)))
                    .bind::<Array<Binary>, _>(column(letters, |one| one.digest.as_slice()))
                    .bind::<Array<Bool>, _>(column(letters, |one| one.redelivered))
                    .bind::<Array<Nullable<Text>>, _>(column(letters, |one| one.route.as_deref().map(plain)))
                    .bind::<Array<Text>, _>(column(letters, |one| plain(&one.exchange)))
                    .bind::<Array<Text>, _>(column(letters, |one| plain(&one.routing_key)))
                    .bind::<Array<Nullable<Text>>, _>(column(letters, |one| one.queue.as_deref().map(plain)))
                    .bind::<Array<Text>, _>(column(letters, |one| one.reason.as_str()))
                    .bind::<Array<Text>, _>(column(letters, |one| plain(&one.detail)))
                    .bind::<Array<Integer>, _>(column(letters, |one| one.attempts))
                    .bind::<Array<Timestamptz>, _>(column(letters, |one| one.first_at))
                    .bind::<Array<Timestamptz>, _>(column(letters, |one| one.last_at))
                    .bind::<Array<Timestamptz>, _>(column(letters, |one| one.arrived_at))
                    .bind::<Array<Text>, _>(column(letters, |one| plain(&one.target_exchange)))
                    .bind::<Array<Text>, _>(column(letters, |one| plain(&one.target_key)))
                    .bind::<Array<Binary>, _>(column(letters, |one| one.properties.as_slice()))
                    .bind::<Array<Binary>, _>(column(letters, |one| one.body.as_slice()))
                    .bind::<Array<Text>, _>(column(letters, |one| one.search.as_str()))
                    .bind::<Array<Nullable<SqlUuid>>, _>(column(letters, |one| one.replay_of))
                    .bind::<Array<Nullable<SqlUuid>>, _>(column(letters, |one| one.replay_id))
                    .execute(connection)
                    .await?;
                Ok(())
            })
            .await
    }
}

fn column<'a, V>(letters: &'a [Incoming], value: impl Fn(&'a Incoming) -> V) -> Vec<V> {
    letters.iter().map(value).collect()
}

/// Any number, so long as every instance takes the same.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7316442109)";

/// Two messages may be alike to the last byte; only what is given out again soon after can be the same one.
const INSERT: &str = "\
INSERT INTO dead_letters (id, dead_id, digest, route, exchange, routing_key, queue, reason, detail, attempts, first_at, \
last_at, arrived_at, updated_at, target_exchange, target_key, properties, body, search, replay_of, replay_id, \
replay_of_job) \
SELECT n.id, n.dead_id, n.digest, n.route, n.exchange, n.key, n.queue, n.reason, n.detail, n.attempts, n.first_at, \
n.last_at, n.arrived_at, n.arrived_at, n.target_exchange, n.target_key, n.properties, n.body, n.search, n.replay_of, \
n.replay_id, (SELECT d.replay_job FROM dead_letters d WHERE d.replayed_as = n.replay_id LIMIT 1) \
FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bool[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], \
$10::text[], $11::integer[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[], \
$17::bytea[], $18::bytea[], $19::text[], $20::uuid[], $21::uuid[]) \
AS n (id, dead_id, digest, redelivered, route, exchange, key, queue, reason, detail, attempts, first_at, last_at, \
arrived_at, target_exchange, target_key, properties, body, search, replay_of, replay_id) \
WHERE NOT (n.redelivered AND EXISTS (SELECT 1 FROM dead_letters d WHERE d.digest = n.digest \
AND d.arrived_at > n.arrived_at - interval '1 hour')) ON CONFLICT DO NOTHING";
