//! What has happened to orders, kept for a while.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::prepared::Prepared;
use super::{Store, StoreError};

/// How many old events are taken away at once.
const PURGE_MAX: i64 = 5_000;

/// The events in PostgreSQL.
#[derive(Clone)]
pub struct OrderEvents(Store);

/// An event that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Its own id.
    pub id: Uuid,
    /// The order.
    pub order: Uuid,
    /// Its type.
    pub kind: String,
    /// The whole of it, in one line.
    pub body: String,
}

/// An event that is kept.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub struct Event {
    /// The later, the higher.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// Its own id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The order.
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    /// Its type.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The whole of it, in one line.
    #[diesel(sql_type = Text)]
    pub body: String,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Last {
    #[diesel(sql_type = Nullable<BigInt>)]
    seq: Option<i64>,
}

impl OrderEvents {
    /// The events in this store.
    pub fn new(store: &Store) -> Self {
        Self(store.clone())
    }

    /// Keeps these, in this order, with one commit; those that are there already are left alone.
    pub async fn keep(&self, events: Vec<Arrived>, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut connection = self.0.connection().await?;
        Ok(connection.transaction(async |connection| insert(connection, events, at).await).await?)
    }

    /// The number of the latest event; 0 where there is none.
    pub async fn last(&self) -> Result<i64, StoreError> {
        let mut connection = self.0.connection().await?;
        let last: Last = Prepared(diesel::sql_query(LAST)).get_result(&mut connection).await?;
        Ok(last.seq.unwrap_or_default())
    }

    /// What has happened to this order after the event `after`; everything where that is not known.
    pub async fn of(&self, order: Uuid, after: Option<Uuid>) -> Result<Vec<Event>, StoreError> {
        let query = diesel::sql_query(OF).bind::<SqlUuid, _>(order).bind::<Nullable<SqlUuid>, _>(after);
        Ok(Prepared(query).load(&mut self.0.connection().await?).await?)
    }

    /// What has happened to these orders after the number `after`, up to the number `last`.
    pub async fn between(&self, (after, last): (i64, i64), orders: &[Uuid]) -> Result<Vec<Event>, StoreError> {
        let query = diesel::sql_query(BETWEEN)
            .bind::<BigInt, _>(after)
            .bind::<BigInt, _>(last)
            .bind::<Array<SqlUuid>, _>(orders);
        Ok(Prepared(query).load(&mut self.0.connection().await?).await?)
    }

    /// The number of the event with this id.
    pub async fn number(&self, id: Uuid) -> Result<Option<i64>, StoreError> {
        let query = diesel::sql_query(NUMBER).bind::<SqlUuid, _>(id);
        let found: Last = Prepared(query).get_result(&mut self.0.connection().await?).await?;
        Ok(found.seq)
    }

    /// What has happened to any order after the number `after`, up to the number `last`; the first `limit` of it.
    pub async fn page(&self, (after, last): (i64, i64), limit: i64) -> Result<Vec<Event>, StoreError> {
        let query = diesel::sql_query(PAGE).bind::<BigInt, _>(after).bind::<BigInt, _>(last).bind::<BigInt, _>(limit);
        Ok(Prepared(query).load(&mut self.0.connection().await?).await?)
    }

    /// Takes away what came before `until`; how many.
    pub async fn purge(&self, until: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut purged = 0;
        loop {
            let query = diesel::sql_query(PURGE).bind::<Timestamptz, _>(until).bind::<BigInt, _>(PURGE_MAX);
            let gone = Prepared(query).execute(&mut self.0.connection().await?).await?;
            purged += gone;
            if i64::try_from(gone).is_ok_and(|gone| gone < PURGE_MAX) {
                return Ok(purged);
            }
        }
    }
}

async fn insert(
    connection: &mut AsyncPgConnection,
    events: Vec<Arrived>,
    at: DateTime<Utc>,
) -> Result<(), diesel::result::Error> {
    Prepared(diesel::sql_query(LOCK)).execute(connection).await?;
    let (mut ids, mut orders, mut kinds, mut bodies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for event in events {
        ids.push(event.id);
        orders.push(event.order);
        kinds.push(event.kind);
        bodies.push(event.body);
    }
    let query = diesel::sql_query(INSERT)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(orders)
        .bind::<Array<Text>, _>(kinds)
        .bind::<Array<Text>, _>(bodies)
        .bind::<Timestamptz, _>(at);
    Prepared(query).execute(connection).await?;
    Ok(())
}

/// Numbers are given out and committed by one at a time: any number, so long as every instance takes the same.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7316442109)";

const INSERT: &str = "\
INSERT INTO order_events (id, order_id, kind, body, received_at) \
SELECT id, order_id, kind, body, $5 \
FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS new (id, order_id, kind, body, place) ORDER BY place \
ON CONFLICT (id) DO NOTHING";

const LAST: &str = "SELECT max(seq) AS seq FROM order_events";

const NUMBER: &str = "SELECT max(seq) AS seq FROM order_events WHERE id = $1";

const PAGE: &str = "\
SELECT seq, id, order_id, kind, body FROM order_events WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";

const OF: &str = "\
SELECT seq, id, order_id, kind, body FROM order_events WHERE order_id = $1 AND seq > \
coalesce((SELECT seq FROM order_events WHERE id = $2 AND order_id = $1), 0) ORDER BY seq";

const BETWEEN: &str = "\
SELECT seq, id, order_id, kind, body FROM order_events \
WHERE seq > $1 AND seq <= $2 AND order_id = ANY ($3) ORDER BY seq";

const PURGE: &str = "\
DELETE FROM order_events WHERE ctid = ANY (ARRAY(SELECT ctid FROM order_events WHERE received_at < $1 LIMIT $2))";
