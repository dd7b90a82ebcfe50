//! Finding sagas, and taking those that nobody works on.

use std::time::Duration;

use contracts::SagaState;
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::prepared::Prepared;
use super::row::{Row, parse_state, state_text};
use super::{Store, StoreError};
use crate::saga::{Claim, Filter, Left, LogError, Origin, Owner, Record};

/// How long the database may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Claimed {
    #[diesel(embed)]
    saga: Row,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    previous_owner: Option<Uuid>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Counted {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What is due and free becomes the owner's.
pub(super) async fn claim(store: &Store, owner: Owner, limit: usize) -> Result<Vec<Claim>, LogError> {
    let lease = i64::try_from(owner.lease.as_millis()).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let query = diesel::sql_query(CLAIM).bind::<SqlUuid, _>(owner.id).bind::<BigInt, _>(lease);
    let query = Prepared(query.bind::<BigInt, _>(limit));
    let claimed = bounded(async {
        let mut connection = store.connection().await?;
        Ok(query.load::<Claimed>(&mut connection).await?)
    });
    let claimed = claimed.await?;
    Ok(claimed.into_iter().filter_map(read).collect())
}

/// One that can't be read must not keep the others from being worked on.
fn read(claimed: Claimed) -> Option<Claim> {
    let left = claimed.previous_owner.map_or(Left::Tidy, |_silent| Left::Abandoned);
    match claimed.saga.read() {
        Ok(record) => Some(Claim { record, left }),
        Err(error) => {
            tracing::error!(error = %error, "a saga is out of order");
            None
        }
    }
}

pub(super) async fn find(store: &Store, id: Uuid) -> Result<Option<Record>, LogError> {
    one(store, "SELECT * FROM sagas WHERE id = $1", id).await
}

pub(super) async fn by_subject(store: &Store, subject: Uuid) -> Result<Option<Record>, LogError> {
    one(store, "SELECT * FROM sagas WHERE subject = $1", subject).await
}

async fn one(store: &Store, sql: &'static str, id: Uuid) -> Result<Option<Record>, LogError> {
    let query = Prepared(diesel::sql_query(sql).bind::<SqlUuid, _>(id));
    let rows = bounded(async {
        let mut connection = store.connection().await?;
        Ok(query.load::<Row>(&mut connection).await?)
    });
    rows.await?.into_iter().next().map(Row::read).transpose()
}

/// The saga that the same caller began under the same key.
pub(super) async fn by_request(store: &Store, origin: &Origin) -> Result<Option<Record>, LogError> {
    let query = diesel::sql_query("SELECT * FROM sagas WHERE caller = $1 AND idempotency_key = $2");
    let query = Prepared(query.bind::<Text, _>(&origin.caller).bind::<Nullable<Text>, _>(origin.key.as_deref()));
    let rows = bounded(async {
        let mut connection = store.connection().await?;
        Ok(query.load::<Row>(&mut connection).await?)
    });
    rows.await?.into_iter().next().map(Row::read).transpose()
}

/// Whether the saga belongs to this owner.
pub(super) async fn is_owned(store: &Store, id: Uuid, owner: Uuid) -> Result<bool, LogError> {
    let query = diesel::sql_query("SELECT * FROM sagas WHERE id = $1 AND owner = $2");
    let query = Prepared(query.bind::<SqlUuid, _>(id).bind::<SqlUuid, _>(owner));
    let rows = bounded(async {
        let mut connection = store.connection().await?;
        Ok(query.load::<Row>(&mut connection).await?)
    });
    Ok(!rows.await?.is_empty())
}

/// The youngest first.
pub(super) async fn list(store: &Store, filter: &Filter) -> Result<Vec<Record>, LogError> {
    let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX);
    let query = diesel::sql_query(LIST)
        .bind::<Nullable<Text>, _>(filter.state.map(state_text))
        .bind::<Nullable<SqlUuid>, _>(filter.subject)
        .bind::<Nullable<SqlUuid>, _>(filter.before)
        .bind::<BigInt, _>(limit);
    // Not prepared: which index is best depends on what is asked.
    let rows = bounded(async {
        let mut connection = store.connection().await?;
        Ok(query.load::<Row>(&mut connection).await?)
    });
    rows.await?.into_iter().map(Row::read).collect()
}

/// Each state by itself, so that only as many rows are read as are counted.
pub(super) async fn count(store: &Store, most: usize) -> Result<Vec<(SagaState, usize)>, LogError> {
    let of_state = |state| {
        let name = state_text(state);
        format!(
            "SELECT '{name}' AS state, count(*) AS count FROM (SELECT FROM sagas WHERE state = '{name}' LIMIT {most}) AS s"
        )
    };
    let sql = SagaState::ALL.map(of_state).join(" UNION ALL ");
    let counted = bounded(async {
        let mut connection = store.connection().await?;
        Ok(diesel::sql_query(sql).load::<Counted>(&mut connection).await?)
    });
    let read = |counted: Counted| Some((parse_state(&counted.state)?, usize::try_from(counted.count).ok()?));
    Ok(counted.await?.into_iter().filter_map(read).collect())
}

/// A database that has stopped without a word must not stop us.
pub(super) async fn bounded<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, LogError> {
    let late = |_elapsed| LogError::Unavailable("the database did not answer in time".to_owned());
    tokio::time::timeout(ANSWER_WITHIN, work).await.map_err(late)?.map_err(unavailable)
}

fn unavailable(error: impl Into<StoreError>) -> LogError {
    let error = error.into();
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
    LogError::Unavailable(format!("{error}{cause}"))
}

const CLAIM: &str = "\
WITH due AS (SELECT id, owner FROM sagas \
WHERE state IN ('running', 'compensating') AND next_attempt_at <= now() AND (owner IS NULL OR lease_until < now()) \
ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED) \
UPDATE sagas AS s SET owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond' \
FROM due WHERE s.id = due.id RETURNING s.*, due.owner AS previous_owner";

const LIST: &str = "\
SELECT * FROM sagas WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR subject = $2) AND ($3 IS NULL OR id < $3) \
ORDER BY id DESC LIMIT $4";
