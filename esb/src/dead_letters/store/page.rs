//! Some of a job's letters at a time, so that memory stays flat however many there are.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::Id;
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use uuid::Uuid;

use super::jobs::JOB;
use super::{Job, Letters, PARCEL, Parcel, millis};
use crate::store::StoreError;

/// How many bytes of bodies are in memory for a job, beside those of one letter.
const PAGE_BYTES_MAX: i64 = 4 << 20;

/// Part of a job.
#[derive(Debug)]
pub(in crate::dead_letters) struct Page {
    /// Where the job stood before it.
    pub(in crate::dead_letters) begin: i64,
    /// Where the job stands after it.
    pub(in crate::dead_letters) end: i64,
    /// What is to be sent, in order.
    pub(in crate::dead_letters) items: Vec<Item>,
    /// Sent earlier, by an owner that could not say so.
    pub(in crate::dead_letters) already: i64,
    /// The ids of replays that began with this page.
    fresh: Vec<Uuid>,
}

/// A letter of a job.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(in crate::dead_letters) struct Item {
    #[diesel(sql_type = BigInt)]
    pub(in crate::dead_letters) ordinal: i64,
    #[diesel(embed)]
    pub(in crate::dead_letters) parcel: Parcel,
}

/// What a page came to.
#[derive(Debug, Default)]
pub(in crate::dead_letters) struct Outcome {
    pub(in crate::dead_letters) end: i64,
    pub(in crate::dead_letters) replayed: i64,
    pub(in crate::dead_letters) failed: i64,
    pub(in crate::dead_letters) skipped: i64,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Bounds {
    #[diesel(sql_type = BigInt)]
    end: i64,
    #[diesel(sql_type = BigInt)]
    already: i64,
}

impl Letters {
    /// At most `most` letters of the job behind this place, taken for it; `None` where the job is no longer its owner's
    /// to work on.
    pub(in crate::dead_letters) async fn next_page(
        &self,
        job: &Job,
        (place, most): (i64, i64),
        (lease, at): (Duration, DateTime<Utc>),
    ) -> Result<Option<Page>, StoreError> {
        let mut connection = self.0.connection().await?;
        connection
            .transaction(async |connection| {
                let fence = diesel::sql_query(FENCE).bind::<SqlUuid, _>(job.id).bind::<Nullable<SqlUuid>, _>(job.owner);
                if fence.bind::<BigInt, _>(millis(lease)).execute(connection).await? == 0 {
                    return Ok(None);
                }
                connection.batch_execute(BY_INDEX).await?;
                let query = diesel::sql_query(BOUNDS).bind::<SqlUuid, _>(job.id).bind::<BigInt, _>(place);
                let query = query.bind::<BigInt, _>(place + most).bind::<BigInt, _>(PAGE_BYTES_MAX);
                let Bounds { end, already } = query.get_result(connection).await?;
                let fresh = (place..end).map(|_| Id::<Item>::mint().uuid()).collect::<Vec<_>>();
                let items = take(job, (place, &fresh), (lease, at), connection).await?;
                Ok(Some(Page { begin: place, end, items, already, fresh }))
            })
            .await
    }

    /// Lets those of the page's letters wait again whose replay began with it, where nobody else has the job by now. To be
    /// called before any of them is sent.
    pub(in crate::dead_letters) async fn put_back(
        &self,
        job: &Job,
        page: &Page,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut connection = self.0.connection().await?;
        connection
            .transaction(async |connection| {
                // Nobody can take the job, and with it the letters, before this is over.
                let ours = diesel::sql_query("SELECT id FROM replay_jobs WHERE id = $1 AND owner = $2 FOR UPDATE");
                let ours = ours.bind::<SqlUuid, _>(job.id).bind::<Nullable<SqlUuid>, _>(job.owner);
                if ours.load::<super::Id>(connection).await?.is_empty() {
                    return Ok(());
                }
                let query = diesel::sql_query(PUT_BACK).bind::<SqlUuid, _>(job.id);
                query.bind::<Array<SqlUuid>, _>(&page.fresh).bind::<Timestamptz, _>(at).execute(connection).await?;
                Ok(())
            })
            .await
    }

    /// Moves the job on; what it is now, and `None` where it is another's.
    pub(in crate::dead_letters) async fn advance(
        &self,
        job: &Job,
        outcome: &Outcome,
        (lease, at): (Duration, DateTime<Utc>),
    ) -> Result<Option<Job>, StoreError> {
        let query = diesel::sql_query(format!("{ADVANCE} RETURNING {JOB}"))
            .bind::<SqlUuid, _>(job.id)
            .bind::<Nullable<SqlUuid>, _>(job.owner)
            .bind::<BigInt, _>(outcome.end)
            .bind::<BigInt, _>(outcome.replayed)
            .bind::<BigInt, _>(outcome.failed)
            .bind::<BigInt, _>(outcome.skipped)
            .bind::<BigInt, _>(millis(lease))
            .bind::<Timestamptz, _>(at)
            .bind::<BigInt, _>(job.place);
        Ok(query.load(&mut self.0.connection().await?).await?.into_iter().next())
    }
}

async fn take(
    job: &Job,
    (place, fresh): (i64, &[Uuid]),
    (lease, at): (Duration, DateTime<Utc>),
    connection: &mut AsyncPgConnection,
) -> Result<Vec<Item>, StoreError> {
    let query = diesel::sql_query(format!("{TAKE} RETURNING i.ordinal, {PARCEL}"))
        .bind::<SqlUuid, _>(job.id)
        .bind::<BigInt, _>(place)
        .bind::<Array<SqlUuid>, _>(fresh)
        .bind::<diesel::sql_types::Text, _>(&job.actor)
        .bind::<BigInt, _>(millis(lease))
        .bind::<Timestamptz, _>(at);
    let mut items = query.load::<Item>(connection).await?;
    items.sort_by_key(|item| item.ordinal);
    Ok(items)
}

/// Whoever pauses the job waits until its letters are taken.
const FENCE: &str = "\
UPDATE replay_jobs SET lease_until = clock_timestamp() + $3 * interval '1 millisecond' \
WHERE id = $1 AND owner = $2 AND state = 'running'";

/// A page is few letters of very many, which nobody tells the planner; it would read the whole table for each page.
const BY_INDEX: &str = "\
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

const BOUNDS: &str = "\
SELECT coalesce(max(p.ordinal), $3)::bigint AS \"end\", count(*) FILTER (WHERE p.already) AS already FROM ( \
SELECT i.ordinal, coalesce(d.state = 'replayed' AND d.replay_job = $1, false) AS already, \
coalesce(sum(d.size) OVER (ORDER BY i.ordinal), 0) - coalesce(d.size, 0) AS before \
FROM replay_items i LEFT JOIN dead_letters d ON d.id = i.dead_letter \
WHERE i.job = $1 AND i.ordinal > $2 AND i.ordinal <= $3) p WHERE p.before < $4";

/// What this job has taken before keeps the id of its replay.
const TAKE: &str = "\
UPDATE dead_letters d SET replayed_as = CASE WHEN d.state = 'replaying' THEN d.replayed_as \
ELSE ($3::uuid[])[(i.ordinal - $2)::integer] END, state = 'replaying', replay_actor = $4, replay_job = $1, \
replay_until = clock_timestamp() + $5 * interval '1 millisecond', version = d.version + 1, updated_at = $6 \
FROM replay_items i WHERE i.job = $1 AND i.ordinal > $2 AND i.ordinal <= $2 + cardinality($3::uuid[]) \
AND d.id = i.dead_letter AND (d.state = 'waiting' OR (d.state = 'replaying' AND d.replay_job = $1))";

const PUT_BACK: &str = "\
UPDATE dead_letters SET state = 'waiting', replayed_as = NULL, replay_actor = NULL, replay_job = NULL, \
replay_until = NULL, version = version + 1, updated_at = $3 \
WHERE replay_job = $1 AND replayed_as = ANY ($2) AND state = 'replaying'";

/// Only from where the owner stood: what it says twice counts once.
const ADVANCE: &str = "\
UPDATE replay_jobs j SET place = $3, replayed = replayed + $4, failed = failed + $5, skipped = skipped + $6, \
lease_until = clock_timestamp() + $7 * interval '1 millisecond', updated_at = $8 \
WHERE id = $1 AND owner = $2 AND place = $9";
