//! What operators do with one letter, each with a note of who did it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::Id;
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Letters, PARCEL, Parcel, millis, plain};
use crate::store::StoreError;

/// Who does something, and when.
#[derive(Debug, Clone)]
pub(crate) struct Doer {
    pub(crate) actor: String,
    pub(crate) at: DateTime<Utc>,
}

/// What somebody did.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(crate) struct Action {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub(crate) actor: String,
    #[diesel(sql_type = Text)]
    pub(crate) what: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) detail: Option<String>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub(crate) old_body: Option<Vec<u8>>,
}

/// A new body for a letter in this version.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) body: Vec<u8>,
    pub(crate) search: String,
}

fn mint() -> Uuid {
    Id::<Action>::mint().uuid()
}

impl Letters {
    /// Whether the letter was waiting, in this version, and is mended now.
    pub(crate) async fn edit(&self, edit: &Edit, doer: &Doer) -> Result<bool, StoreError> {
        let query = diesel::sql_query(EDIT)
            .bind::<SqlUuid, _>(edit.id)
            .bind::<BigInt, _>(edit.version)
            .bind::<Binary, _>(&edit.body)
            .bind::<Text, _>(&edit.search)
            .bind::<Timestamptz, _>(doer.at)
            .bind::<SqlUuid, _>(mint())
            .bind::<Text, _>(&doer.actor);
        Ok(!query.load::<super::Id>(&mut self.0.connection().await?).await?.is_empty())
    }

    /// Whether the letter was waiting and is discarded now.
    pub(crate) async fn discard(&self, id: Uuid, reason: Option<&str>, doer: &Doer) -> Result<bool, StoreError> {
        let query = diesel::sql_query(DISCARD)
            .bind::<SqlUuid, _>(id)
            .bind::<Timestamptz, _>(doer.at)
            .bind::<SqlUuid, _>(mint())
            .bind::<Text, _>(&doer.actor)
            .bind::<Nullable<Text>, _>(reason.map(plain));
        Ok(!query.load::<super::Id>(&mut self.0.connection().await?).await?.is_empty())
    }

    /// Takes a waiting letter for a replay; nobody else can.
    pub(in crate::dead_letters) async fn begin_replay(
        &self,
        id: Uuid,
        doer: &Doer,
        lease: Duration,
    ) -> Result<Option<Parcel>, StoreError> {
        let query = diesel::sql_query(format!("{BEGIN_REPLAY} RETURNING {PARCEL}"))
            .bind::<SqlUuid, _>(id)
            .bind::<SqlUuid, _>(mint())
            .bind::<Text, _>(&doer.actor)
            .bind::<BigInt, _>(millis(lease))
            .bind::<Timestamptz, _>(doer.at);
        Ok(query.load(&mut self.0.connection().await?).await?.into_iter().next())
    }

    /// Replays that were begun and that nobody ended, `limit` at most; theirs is whoever asks, for `lease`.
    pub(in crate::dead_letters) async fn abandoned(
        &self,
        limit: i64,
        lease: Duration,
    ) -> Result<Vec<Parcel>, StoreError> {
        let query = diesel::sql_query(format!("{ABANDONED} RETURNING {PARCEL}"));
        let query = query.bind::<BigInt, _>(millis(lease)).bind::<BigInt, _>(limit);
        Ok(query.load(&mut self.0.connection().await?).await?)
    }

    /// The broker has these.
    pub(in crate::dead_letters) async fn replayed(&self, sent: &[Uuid], at: DateTime<Utc>) -> Result<(), StoreError> {
        let query = diesel::sql_query(REPLAYED)
            .bind::<Array<SqlUuid>, _>(sent)
            .bind::<Timestamptz, _>(at)
            .bind::<Array<SqlUuid>, _>(sent.iter().map(|_| mint()).collect::<Vec<_>>());
        query.execute(&mut self.0.connection().await?).await?;
        Ok(())
    }

    /// The broker would not have these, each for a reason: they wait again.
    pub(in crate::dead_letters) async fn refused(
        &self,
        refused: &[(Uuid, String)],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (ids, reasons): (Vec<_>, Vec<_>) = refused.iter().map(|(id, reason)| (*id, plain(reason))).unzip();
        let query = diesel::sql_query(REFUSED)
            .bind::<Array<SqlUuid>, _>(&ids)
            .bind::<Array<Text>, _>(reasons)
            .bind::<Timestamptz, _>(at)
            .bind::<Array<SqlUuid>, _>(ids.iter().map(|_| mint()).collect::<Vec<_>>());
        query.execute(&mut self.0.connection().await?).await?;
        Ok(())
    }

    /// What was done with a letter or a replay of many, the oldest first, after `after`.
    pub(crate) async fn audit(&self, of: Uuid, after: Option<Uuid>, limit: i64) -> Result<Vec<Action>, StoreError> {
        let query = diesel::sql_query(AUDIT)
            .bind::<SqlUuid, _>(of)
            .bind::<SqlUuid, _>(after.unwrap_or(Uuid::nil()))
            .bind::<BigInt, _>(limit);
        Ok(query.load(&mut self.0.connection().await?).await?)
    }
}

const EDIT: &str = "\
WITH old AS (SELECT id, body FROM dead_letters WHERE id = $1 AND state = 'waiting' AND version = $2 FOR UPDATE), \
changed AS (UPDATE dead_letters d SET body = $3, search = $4, version = version + 1, updated_at = $5 \
FROM old WHERE d.id = old.id RETURNING d.id), \
noted AS (INSERT INTO dead_letter_actions (id, dead_letter, at, actor, action, old_body) \
SELECT $6, old.id, $5, $7, 'edited', old.body FROM old JOIN changed USING (id)) SELECT id FROM changed";

const DISCARD: &str = "\
WITH changed AS (UPDATE dead_letters SET state = 'discarded', version = version + 1, updated_at = $2, settled_at = $2 \
WHERE id = $1 AND state = 'waiting' RETURNING id), \
noted AS (INSERT INTO dead_letter_actions (id, dead_letter, at, actor, action, detail) \
SELECT $3, id, $2, $4, 'discarded', $5 FROM changed) SELECT id FROM changed";

const BEGIN_REPLAY: &str = "\
UPDATE dead_letters d SET state = 'replaying', replayed_as = $2, replay_actor = $3, replay_job = NULL, \
replay_until = clock_timestamp() + $4 * interval '1 millisecond', version = version + 1, updated_at = $5 \
WHERE id = $1 AND state = 'waiting'";

/// A job that runs sends its own again; those of one that was paused or stopped are on their own.
const ABANDONED: &str = "\
UPDATE dead_letters d SET replay_until = clock_timestamp() + $1 * interval '1 millisecond' \
WHERE id = ANY (ARRAY(SELECT l.id FROM dead_letters l WHERE l.state = 'replaying' AND l.replay_until < clock_timestamp() \
AND NOT EXISTS (SELECT 1 FROM replay_jobs j WHERE j.id = l.replay_job AND j.state = 'running') \
ORDER BY l.replay_until LIMIT $2 FOR UPDATE OF l SKIP LOCKED))";

const REPLAYED: &str = "\
WITH changed AS (UPDATE dead_letters d SET state = 'replayed', replay_until = NULL, version = version + 1, \
updated_at = $2, settled_at = $2 FROM unnest($1::uuid[], $3::uuid[]) AS n (id, note) \
WHERE d.id = n.id AND d.state = 'replaying' RETURNING d.id, n.note, d.replay_actor, d.replayed_as, d.replay_job) \
INSERT INTO dead_letter_actions (id, dead_letter, at, actor, action, detail) \
SELECT note, id, $2, replay_actor, 'replayed', 'as ' || replayed_as || coalesce(', by replay ' || replay_job, '') \
FROM changed";

const REFUSED: &str = "\
WITH changed AS (UPDATE dead_letters d SET state = 'waiting', replay_until = NULL, replayed_as = NULL, \
version = version + 1, updated_at = $3 FROM unnest($1::uuid[], $2::text[], $4::uuid[]) AS n (id, reason, note) \
WHERE d.id = n.id AND d.state = 'replaying' RETURNING d.id, n.note, n.reason, d.replay_actor) \
INSERT INTO dead_letter_actions (id, dead_letter, at, actor, action, detail) \
SELECT note, id, $3, replay_actor, 'replay-refused', reason FROM changed";

const AUDIT: &str = "\
SELECT id, at, actor, action AS what, detail, old_body FROM dead_letter_actions \
WHERE (dead_letter = $1 OR job = $1) AND id > $2 ORDER BY id LIMIT $3";
