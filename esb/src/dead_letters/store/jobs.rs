//! Replays of many: what is asked for, how far they are, and whose they are.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::Id;
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, RunQueryDsl};
use serde_json::Value as JsonValue;
use uuid::Uuid;

use super::condition::{Statement, Value};
use super::{Doer, Letters, millis};
use crate::dead_letters::letter::Filter;
use crate::store::StoreError;

/// A replay of many.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(crate) struct Job {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) state: String,
    #[diesel(sql_type = Text)]
    pub(crate) actor: String,
    #[diesel(sql_type = Json)]
    pub(crate) selection: JsonValue,
    #[diesel(sql_type = Nullable<Integer>)]
    pub(crate) per_second: Option<i32>,
    #[diesel(sql_type = Array<BigInt>)]
    pub(crate) batches: Vec<i64>,
    #[diesel(sql_type = Bool)]
    pub(crate) stop_on_failure: bool,
    #[diesel(sql_type = BigInt)]
    pub(crate) total: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) place: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) replayed: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) failed: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) skipped: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) came_back: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) detail: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) owner: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) updated_at: DateTime<Utc>,
}

/// A replay of many that is asked for.
#[derive(Debug)]
pub(crate) struct NewJob {
    pub(crate) id: Uuid,
    pub(crate) filter: Filter,
    pub(crate) selection: JsonValue,
    pub(crate) per_second: Option<u32>,
    pub(crate) batches: Vec<i64>,
    pub(crate) stop_on_failure: bool,
}

/// All of a job `j`, with how many of its letters have come back since.
pub(super) const JOB: &str = "\
j.id, j.state, j.actor, j.selection, j.per_second, j.batches, j.stop_on_failure, j.total, j.place, j.replayed, j.failed, \
j.skipped, (SELECT count(*) FROM dead_letters c WHERE c.replay_of_job = j.id) AS came_back, j.detail, j.owner, j.created_at, j.updated_at";

impl Letters {
    /// Fixes the selection, and lets the job run.
    pub(crate) async fn create_job(&self, new: &NewJob, doer: &Doer) -> Result<(), StoreError> {
        let select = "INSERT INTO replay_items (job, ordinal, dead_letter) \
                      SELECT x.job, row_number() OVER (ORDER BY x.id), x.id FROM (SELECT ";
        let items = Statement::default()
            .with(&format!("{select}?::uuid AS job, id FROM dead_letters WHERE state = 'waiting'"), Value::Id(new.id))
            .matching(&new.filter)
            .push(") x");
        let mut connection = self.0.connection().await?;
        connection
            .transaction(async |connection| {
                let total = items.build().execute(connection).await?;
                diesel::sql_query(CREATE)
                    .bind::<SqlUuid, _>(new.id)
                    .bind::<Text, _>(&doer.actor)
                    .bind::<Json, _>(&new.selection)
                    .bind::<Nullable<Integer>, _>(new.per_second.and_then(|rate| i32::try_from(rate).ok()))
                    .bind::<Array<BigInt>, _>(&new.batches)
                    .bind::<Bool, _>(new.stop_on_failure)
                    .bind::<BigInt, _>(i64::try_from(total).unwrap_or(i64::MAX))
                    .bind::<Timestamptz, _>(doer.at)
                    .bind::<SqlUuid, _>(Id::<Job>::mint().uuid())
                    .execute(connection)
                    .await?;
                Ok(())
            })
            .await
    }

    /// The job.
    pub(crate) async fn job(&self, id: Uuid) -> Result<Option<Job>, StoreError> {
        let query = diesel::sql_query(format!("SELECT {JOB} FROM replay_jobs j WHERE id = $1")).bind::<SqlUuid, _>(id);
        Ok(query.load(&mut self.0.connection().await?).await?.into_iter().next())
    }

    /// The jobs before `before`, the youngest first.
    pub(crate) async fn jobs(&self, before: Option<Uuid>, limit: i64) -> Result<Vec<Job>, StoreError> {
        let sql = format!("SELECT {JOB} FROM replay_jobs j WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let query = diesel::sql_query(sql).bind::<SqlUuid, _>(before.unwrap_or(Uuid::max())).bind::<BigInt, _>(limit);
        Ok(query.load(&mut self.0.connection().await?).await?)
    }

    /// Whether the job was in one of the states `from`, and is in `to` now.
    pub(crate) async fn turn_job(
        &self,
        id: Uuid,
        (from, to): (&[&str], &str),
        doer: &Doer,
    ) -> Result<bool, StoreError> {
        let query = diesel::sql_query(TURN)
            .bind::<SqlUuid, _>(id)
            .bind::<Array<Text>, _>(from)
            .bind::<Text, _>(to)
            .bind::<Timestamptz, _>(doer.at)
            .bind::<SqlUuid, _>(Id::<Job>::mint().uuid())
            .bind::<Text, _>(&doer.actor);
        Ok(!query.load::<super::Id>(&mut self.0.connection().await?).await?.is_empty())
    }

    /// A job that runs and that nobody works on, for `owner` now.
    pub(in crate::dead_letters) async fn claim_job(
        &self,
        owner: Uuid,
        lease: Duration,
    ) -> Result<Option<Job>, StoreError> {
        let query = diesel::sql_query(format!("{CLAIM} RETURNING {JOB}"));
        let query = query.bind::<SqlUuid, _>(owner).bind::<BigInt, _>(millis(lease));
        Ok(query.load(&mut self.0.connection().await?).await?.into_iter().next())
    }

    /// Whether the job still runs and is the owner's, for `lease` more.
    pub(in crate::dead_letters) async fn renew_job(&self, job: &Job, lease: Duration) -> Result<bool, StoreError> {
        let query = diesel::sql_query(RENEW).bind::<SqlUuid, _>(job.id).bind::<Nullable<SqlUuid>, _>(job.owner);
        Ok(query.bind::<BigInt, _>(millis(lease)).execute(&mut self.0.connection().await?).await? == 1)
    }

    /// The owner is done with the job for now.
    pub(in crate::dead_letters) async fn release_job(&self, job: &Job) -> Result<(), StoreError> {
        let query = diesel::sql_query(RELEASE).bind::<SqlUuid, _>(job.id).bind::<Nullable<SqlUuid>, _>(job.owner);
        query.execute(&mut self.0.connection().await?).await?;
        Ok(())
    }

    /// The job has come to an end.
    pub(in crate::dead_letters) async fn end_job(
        &self,
        job: &Job,
        (state, detail): (&str, Option<String>),
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let query = diesel::sql_query(END)
            .bind::<SqlUuid, _>(job.id)
            .bind::<Nullable<SqlUuid>, _>(job.owner)
            .bind::<Text, _>(state)
            .bind::<Nullable<Text>, _>(detail)
            .bind::<Timestamptz, _>(at);
        query.execute(&mut self.0.connection().await?).await?;
        Ok(())
    }
}

const CREATE: &str = "\
WITH noted AS (INSERT INTO dead_letter_actions (id, job, at, actor, action) VALUES ($9, $1, $8, $2, 'started')) \
INSERT INTO replay_jobs (id, state, actor, selection, per_second, batches, stop_on_failure, total, created_at, updated_at) \
VALUES ($1, CASE WHEN $7 = 0 THEN 'done' ELSE 'running' END, $2, $3, $4, $5, $6, $7, $8, $8)";

const TURN: &str = "\
WITH changed AS (UPDATE replay_jobs SET state = $3, updated_at = $4, detail = NULL WHERE id = $1 AND state = ANY ($2) \
RETURNING id), noted AS (INSERT INTO dead_letter_actions (id, job, at, actor, action) \
SELECT $5, id, $4, $6, $3 FROM changed) SELECT id FROM changed";

const CLAIM: &str = "\
UPDATE replay_jobs j SET owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond' \
WHERE id = (SELECT id FROM replay_jobs WHERE state = 'running' \
AND (owner IS NULL OR lease_until < clock_timestamp()) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)";

const RENEW: &str = "\
UPDATE replay_jobs SET lease_until = clock_timestamp() + $3 * interval '1 millisecond' \
WHERE id = $1 AND owner = $2 AND state = 'running'";

const RELEASE: &str = "UPDATE replay_jobs SET owner = NULL WHERE id = $1 AND owner = $2";

const END: &str = "\
UPDATE replay_jobs SET state = $3, detail = $4, updated_at = $5, owner = NULL \
WHERE id = $1 AND owner = $2 AND state = 'running'";
