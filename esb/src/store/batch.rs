//! What waits to be written, and how it is written: all at once, in one transaction.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::prepared::Prepared;
use super::row::{Document, state_text};
use super::{Store, StoreError};
use crate::saga::{Entry, Hold, LogError, Opening, Owner};

/// A row to be inserted.
pub(super) struct Insert {
    pub(super) opening: Opening,
    pub(super) journal: Document,
    pub(super) owner: Owner,
}

/// A row to be changed.
pub(super) struct Update {
    pub(super) entry: Entry,
    pub(super) journal: Document,
}

/// Which saga, and who writes.
pub(super) type Fence = (Uuid, Uuid);

/// What is written together.
#[derive(Default)]
pub(super) struct Work<'a> {
    pub(super) inserts: Vec<&'a Insert>,
    pub(super) updates: Vec<&'a Update>,
    pub(super) renewals: Vec<(&'a Owner, &'a [Uuid])>,
}

/// What counted.
#[derive(Default)]
pub(super) struct Written {
    pub(super) inserted: HashSet<Uuid>,
    pub(super) kept: HashSet<Fence>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Inserted {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Updated {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    writer: Uuid,
}

impl Insert {
    pub(super) fn new(opening: Opening, owner: Owner) -> Result<Self, LogError> {
        let journal = serde_json::value::to_raw_value(&opening.journal).map_err(|error| refused(&error))?;
        Ok(Self { opening, journal: Document(journal), owner })
    }
}

impl Update {
    pub(super) fn new(entry: Entry) -> Result<Self, LogError> {
        let journal = serde_json::value::to_raw_value(&entry.journal).map_err(|error| refused(&error))?;
        Ok(Self { entry, journal: Document(journal) })
    }
}

fn refused(error: &serde_json::Error) -> LogError {
    LogError::Refused(error.to_string())
}

impl Work<'_> {
    pub(super) fn len(&self) -> usize {
        self.inserts.len() + self.updates.len() + self.renewals.len()
    }

    /// Writes it all, or nothing.
    pub(super) async fn write(&self, store: &Store) -> Result<Written, StoreError> {
        let mut connection = store.connection().await?;
        let kinds = [self.inserts.len(), self.updates.len(), self.renewals.len()];
        // A single statement is a transaction of its own.
        if kinds.iter().filter(|count| **count > 0).count() == 1 && self.renewals.len() < 2 {
            return self.statements(&mut connection).await;
        }
        connection.transaction(async |connection| self.statements(connection).await).await
    }

    async fn statements(&self, connection: &mut AsyncPgConnection) -> Result<Written, StoreError> {
        let mut written = Written::default();
        if !self.inserts.is_empty() {
            written.inserted = self.insert(connection).await?;
        }
        if !self.updates.is_empty() {
            written.kept = self.update(connection).await?;
        }
        for (owner, sagas) in &self.renewals {
            let query = diesel::sql_query(RENEW).bind::<BigInt, _>(millis(owner)).bind::<SqlUuid, _>(owner.id);
            Prepared(query.bind::<Array<SqlUuid>, _>(*sagas)).execute(connection).await?;
        }
        Ok(written)
    }

    async fn insert(&self, connection: &mut AsyncPgConnection) -> Result<HashSet<Uuid>, StoreError> {
        let rows = &self.inserts;
        let openings = || rows.iter().map(|row| &row.opening);
        let query = diesel::sql_query(INSERT)
            .bind::<Array<SqlUuid>, _>(column(openings(), |new| new.id))
            .bind::<Array<Text>, _>(column(openings(), |new| new.name.as_str()))
            .bind::<Array<SqlUuid>, _>(column(openings(), |new| new.subject))
            .bind::<Array<Text>, _>(column(openings(), |new| new.step.as_str()))
            .bind::<Array<Json>, _>(column(openings(), |new| Document(new.input.clone())))
            .bind::<Array<Json>, _>(column(rows.iter(), |row| row.journal.clone()))
            .bind::<Array<Timestamptz>, _>(column(openings(), |new| new.deadline_at))
            .bind::<Array<SqlUuid>, _>(column(rows.iter(), |row| row.owner.id))
            .bind::<Array<BigInt>, _>(column(rows.iter(), |row| millis(&row.owner)))
            .bind::<Array<Text>, _>(column(openings(), |new| new.origin.caller.as_str()))
            .bind::<Array<Nullable<Text>>, _>(column(openings(), |new| new.origin.key.as_deref()))
            .bind::<Array<Binary>, _>(column(openings(), |new| new.origin.digest.as_slice()))
            .bind::<Array<Nullable<Text>>, _>(column(openings(), |new| new.origin.context.as_deref()))
            .bind::<Array<Timestamptz>, _>(column(openings(), |new| new.created_at));
        let inserted = Prepared(query).load::<Inserted>(connection).await?;
        Ok(inserted.into_iter().map(|row| row.id).collect())
    }

    async fn update(&self, connection: &mut AsyncPgConnection) -> Result<HashSet<Fence>, StoreError> {
        let rows = &self.updates;
        let entries = || rows.iter().map(|row| &row.entry);
        let query = diesel::sql_query(UPDATE)
            .bind::<Array<SqlUuid>, _>(column(entries(), |entry| entry.id))
            .bind::<Array<SqlUuid>, _>(column(entries(), |entry| entry.owner))
            .bind::<Array<Text>, _>(column(entries(), |entry| state_text(entry.state)))
            .bind::<Array<Text>, _>(column(entries(), |entry| entry.step.as_str()))
            .bind::<Array<Integer>, _>(column(entries(), |entry| i32::try_from(entry.attempts).unwrap_or(i32::MAX)))
            .bind::<Array<Json>, _>(column(rows.iter(), |row| row.journal.clone()))
            .bind::<Array<Timestamptz>, _>(column(entries(), |entry| entry.due_at))
            .bind::<Array<Nullable<Text>>, _>(column(entries(), |entry| plain(entry.last_error.as_deref())))
            .bind::<Array<Nullable<Json>>, _>(column(entries(), |entry| entry.outcome.clone().map(Document)))
            .bind::<Array<Nullable<SqlUuid>>, _>(column(entries(), next_owner))
            .bind::<Array<Timestamptz>, _>(column(entries(), at));
        let updated = Prepared(query).load::<Updated>(connection).await?;
        Ok(updated.into_iter().map(|row| (row.id, row.writer)).collect())
    }
}

fn column<R, V>(rows: impl Iterator<Item = R>, value: impl Fn(R) -> V) -> Vec<V> {
    rows.map(value).collect()
}

fn next_owner(entry: &Entry) -> Option<Uuid> {
    (entry.hold == Hold::Keep).then_some(entry.owner)
}

const fn at(entry: &Entry) -> DateTime<Utc> {
    entry.at
}

fn millis(owner: &Owner) -> i64 {
    owner.lease.as_millis().try_into().unwrap_or(i64::MAX)
}

/// The one character that PostgreSQL's `text` can't hold.
fn plain(text: Option<&str>) -> Option<String> {
    text.map(|text| text.replace('\0', ""))
}

/// Sorted, so that two instances that record the same requests wait for each other in the same order.
const INSERT: &str = "\
INSERT INTO sagas (id, name, subject, state, step, attempts, input, journal, next_attempt_at, deadline_at, owner, \
lease_until, caller, idempotency_key, request_digest, context, created_at, updated_at) \
SELECT n.id, n.name, n.subject, 'running', n.step, 0, n.input, n.journal, n.at, n.deadline, n.owner, \
clock_timestamp() + n.lease * interval '1 millisecond', n.caller, n.key, n.digest, n.context, n.at, n.at \
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::json[], $6::json[], $7::timestamptz[], $8::uuid[], \
$9::bigint[], $10::text[], $11::text[], $12::bytea[], $13::text[], $14::timestamptz[]) \
AS n (id, name, subject, step, input, journal, deadline, owner, lease, caller, key, digest, context, at) \
ORDER BY n.caller, n.key, n.id ON CONFLICT DO NOTHING RETURNING id";

/// Only the owner writes; a writer that repeats itself, because it never heard the answer, is told the same again. What
/// was turned back never goes forward again: an owner that took a saga it still works on may not have heard.
const UPDATE: &str = "\
UPDATE sagas AS s SET state = n.state, step = n.step, attempts = n.attempts, journal = n.journal, \
next_attempt_at = n.due, last_error = n.error, outcome = n.outcome, owner = n.next_owner, updated_at = n.at \
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::json[], $7::timestamptz[], \
$8::text[], $9::json[], $10::uuid[], $11::timestamptz[]) \
AS n (id, writer, state, step, attempts, journal, due, error, outcome, next_owner, at) \
WHERE s.id = n.id AND NOT (s.state = 'compensating' AND n.state IN ('running', 'completed')) \
AND (s.owner = n.writer OR (s.owner IS NULL AND s.state = n.state AND s.updated_at = n.at)) \
RETURNING s.id, n.writer";

const RENEW: &str = "\
UPDATE sagas SET lease_until = clock_timestamp() + $1 * interval '1 millisecond' WHERE owner = $2 AND id = ANY($3)";
