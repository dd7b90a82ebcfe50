//! What callers were answered under their idempotency keys.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::Id;
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Binary, Json, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::prepared::Prepared;
use super::{Connection, Store, StoreError};

/// How many old answers are taken away at once.
const PURGE_MAX: i64 = 5_000;

/// The answers in PostgreSQL.
#[derive(Clone)]
pub struct Answers(Store);

/// A command under a key.
#[derive(Debug, Clone)]
pub struct Command {
    /// Whose key it is.
    pub caller: String,
    /// The key.
    pub key: String,
    /// Of the request.
    pub digest: [u8; 32],
    /// Now, by our own clock: from when on its answer is kept.
    pub at: DateTime<Utc>,
    /// How long we may be silent before another may try, by the database's clock, which is the same for all.
    pub lease: Duration,
    /// How long the answer is kept.
    pub retention: Duration,
}

/// The right to answer a command.
#[derive(Debug, Clone)]
pub struct Ticket {
    caller: String,
    key: String,
    owner: Uuid,
}

/// What became of a wish to answer.
#[derive(Debug)]
pub enum Claimed {
    /// It is ours to answer.
    Ours(Ticket),
    /// It was answered.
    Answered(Kept),
    /// Somebody is at it, for so long at most.
    Running(Duration),
    /// The key belongs to another request.
    Mismatch,
}

/// An answer, as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The HTTP status.
    pub status: u16,
    /// Headers worth repeating.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Row {
    #[diesel(sql_type = Binary)]
    digest: Vec<u8>,
    #[diesel(sql_type = SqlUuid)]
    owner: Uuid,
    /// By the database's clock.
    #[diesel(sql_type = BigInt)]
    left_ms: i64,
    #[diesel(sql_type = Nullable<SmallInt>)]
    status: Option<i16>,
    #[diesel(sql_type = Nullable<Json>)]
    headers: Option<Value>,
    #[diesel(sql_type = Nullable<Binary>)]
    body: Option<Vec<u8>>,
}

impl Answers {
    /// The answers in this store.
    pub fn new(store: &Store) -> Self {
        Self(store.clone())
    }

    /// Takes the command, unless it was answered, somebody else is at it, or the key is another command's.
    pub async fn claim(&self, command: &Command) -> Result<Claimed, StoreError> {
        let ticket = Ticket::of(command);
        // A connection that died in the pool says nothing about the database.
        match self.try_claim(command, &ticket).await {
            Err(StoreError::Query(_)) => self.try_claim(command, &ticket).await,
            done => done,
        }
    }

    async fn try_claim(&self, command: &Command, ticket: &Ticket) -> Result<Claimed, StoreError> {
        let mut connection = self.0.connection().await?;
        let query = diesel::sql_query(CLAIM)
            .bind::<Text, _>(&command.caller)
            .bind::<Text, _>(&command.key)
            .bind::<Binary, _>(command.digest.as_slice())
            .bind::<SqlUuid, _>(ticket.owner)
            .bind::<BigInt, _>(millis(command.lease))
            .bind::<Timestamptz, _>(command.at)
            .bind::<Timestamptz, _>(command.at + delta(command.retention));
        if Prepared(query).execute(&mut connection).await? == 1 {
            return Ok(Claimed::Ours(ticket.clone()));
        }
        let query = diesel::sql_query(FIND).bind::<Text, _>(&command.caller).bind::<Text, _>(&command.key);
        let found = Prepared(query).load::<Row>(&mut connection).await?;
        let found = found.into_iter().next().map(|row| row.judge(command, ticket)).transpose()?;
        match found.unwrap_or(Claimed::Running(Duration::ZERO)) {
            // Free, and yet not ours: it is an order's, or whoever was at it has just given up.
            Claimed::Running(Duration::ZERO) if is_of_an_order(&mut connection, command).await? => {
                Ok(Claimed::Mismatch)
            }
            claimed => Ok(claimed),
        }
    }

    /// Keeps the answer, if it is still ours to give.
    pub async fn keep(&self, ticket: &Ticket, answer: &Kept) -> Result<(), StoreError> {
        let query = diesel::sql_query(KEEP)
            .bind::<SmallInt, _>(i16::try_from(answer.status).unwrap_or(500))
            .bind::<Json, _>(serde_json::json!(answer.headers))
            .bind::<Binary, _>(answer.body.as_ref())
            .bind::<Text, _>(&ticket.caller)
            .bind::<Text, _>(&ticket.key)
            .bind::<SqlUuid, _>(ticket.owner);
        Prepared(query).execute(&mut self.0.connection().await?).await?;
        Ok(())
    }

    /// Gives the command up: whoever repeats it begins anew.
    pub async fn release(&self, ticket: &Ticket) -> Result<(), StoreError> {
        let query = diesel::sql_query(RELEASE).bind::<Text, _>(&ticket.caller).bind::<Text, _>(&ticket.key);
        Prepared(query.bind::<SqlUuid, _>(ticket.owner)).execute(&mut self.0.connection().await?).await?;
        Ok(())
    }

    /// Takes away what is too old; how many.
    pub async fn purge(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut purged = 0;
        loop {
            let query = diesel::sql_query(PURGE).bind::<Timestamptz, _>(now).bind::<BigInt, _>(PURGE_MAX);
            let gone = Prepared(query).execute(&mut self.0.connection().await?).await?;
            purged += gone;
            if i64::try_from(gone).is_ok_and(|gone| gone < PURGE_MAX) {
                return Ok(purged);
            }
        }
    }
}

impl Ticket {
    fn of(command: &Command) -> Self {
        Self { caller: command.caller.clone(), key: command.key.clone(), owner: Id::<Self>::mint().uuid() }
    }
}

impl Row {
    fn judge(self, command: &Command, ticket: &Ticket) -> Result<Claimed, StoreError> {
        if self.digest != command.digest {
            return Ok(Claimed::Mismatch);
        }
        let Some(status) = self.status.and_then(|status| u16::try_from(status).ok()) else {
            // Our own, from a try whose answer was lost.
            if self.owner == ticket.owner {
                return Ok(Claimed::Ours(ticket.clone()));
            }
            // A lease that is over has no time left.
            return Ok(Claimed::Running(Duration::from_millis(u64::try_from(self.left_ms).unwrap_or(0))));
        };
        let lost = || StoreError::Unreadable("an answer without its headers or its body".to_owned());
        let headers = serde_json::from_value(self.headers.ok_or_else(lost)?);
        let headers = headers.map_err(|error| StoreError::Unreadable(error.to_string()))?;
        Ok(Claimed::Answered(Kept { status, headers, body: self.body.ok_or_else(lost)?.into() }))
    }
}

async fn is_of_an_order(connection: &mut Connection, command: &Command) -> Result<bool, StoreError> {
    let query = diesel::sql_query(OF_AN_ORDER).bind::<Text, _>(&command.caller).bind::<Text, _>(&command.key);
    Ok(Prepared(query).execute(connection).await? > 0)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

/// New, too old to count, or left behind by one who fell silent; and never an order's, which the saga log keeps.
const CLAIM: &str = "\
INSERT INTO idempotency AS old (caller, idempotency_key, digest, owner, lease_until, created_at, expires_at) \
SELECT $1, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond', $6, $7 \
WHERE NOT EXISTS (SELECT FROM sagas WHERE sagas.caller = $1 AND sagas.idempotency_key = $2) \
ON CONFLICT (caller, idempotency_key) DO UPDATE \
SET digest = excluded.digest, owner = excluded.owner, lease_until = excluded.lease_until, status = NULL, \
headers = NULL, body = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at \
WHERE old.expires_at <= excluded.created_at OR \
(old.status IS NULL AND old.lease_until <= clock_timestamp() AND old.digest = excluded.digest)";

const OF_AN_ORDER: &str = "SELECT 1 FROM sagas WHERE caller = $1 AND idempotency_key = $2";

const FIND: &str = "\
SELECT digest, owner, ceil(1000 * extract(epoch FROM lease_until - clock_timestamp()))::bigint AS left_ms, \
status, headers, body FROM idempotency WHERE caller = $1 AND idempotency_key = $2";

const KEEP: &str = "\
UPDATE idempotency SET status = $1, headers = $2, body = $3 \
WHERE caller = $4 AND idempotency_key = $5 AND owner = $6 AND status IS NULL";

const RELEASE: &str = "\
DELETE FROM idempotency WHERE caller = $1 AND idempotency_key = $2 AND owner = $3 AND status IS NULL";

const PURGE: &str = "\
DELETE FROM idempotency WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency WHERE expires_at <= $1 LIMIT $2))";
