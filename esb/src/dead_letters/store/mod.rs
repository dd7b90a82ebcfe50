//! Dead letters and their replays in PostgreSQL.

mod change;
mod condition;
mod insert;
mod jobs;
mod page;
mod search;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{Binary, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::store::{Store, StoreError};

pub(crate) use change::{Action, Doer, Edit};
pub(crate) use jobs::{Job, NewJob};
pub(super) use page::{Item, Outcome, Page};
pub(crate) use search::{Tally, Target};

/// All columns of a letter; the body as `body` says.
macro_rules! letter {
    ($body:literal) => {
        concat!(
            "id, state, route, exchange, routing_key, queue, reason, detail, attempts, first_at, last_at, properties, ",
            $body,
            " AS body, size, replay_of, replayed_as, version, arrived_at, updated_at"
        )
    };
}
pub(in crate::dead_letters::store) use letter;

/// The letters in this store.
#[derive(Clone)]
pub(crate) struct Letters(pub(super) Store);

/// What is to be sent.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(crate) struct Parcel {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) replayed_as: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) target_exchange: String,
    #[diesel(sql_type = Text)]
    pub(crate) target_key: String,
    #[diesel(sql_type = Binary)]
    pub(crate) properties: Vec<u8>,
    #[diesel(sql_type = Binary)]
    pub(crate) body: Vec<u8>,
}

/// What a parcel needs of its letter `d`.
pub(super) const PARCEL: &str = "d.id, d.replayed_as, d.target_exchange, d.target_key, d.properties, d.body";

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl Letters {
    /// Whether the database answers.
    pub(super) async fn is_there(&self) -> bool {
        self.0.ping().await.is_ok()
    }

    /// Takes away what was settled before `before`, and what belongs to it; how many letters.
    pub(super) async fn purge(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut purged = 0;
        loop {
            let query = diesel::sql_query(PURGE).bind::<Timestamptz, _>(before);
            let gone = query.load::<Id>(&mut self.0.connection().await?).await?.len();
            purged += gone;
            if gone == 0 {
                let query = diesel::sql_query(PURGE_JOBS).bind::<Timestamptz, _>(before);
                query.execute(&mut self.0.connection().await?).await?;
                return Ok(purged);
            }
        }
    }
}

/// Milliseconds, as the statements take a lease.
fn millis(time: std::time::Duration) -> i64 {
    time.as_millis().try_into().unwrap_or(i64::MAX)
}

/// The one character that PostgreSQL's `text` can't hold.
fn plain(text: &str) -> String {
    text.replace('\0', "")
}

const PURGE: &str = "\
WITH gone AS (DELETE FROM dead_letters WHERE ctid = ANY (ARRAY(SELECT ctid FROM dead_letters \
WHERE settled_at < $1 AND state IN ('replayed', 'discarded') LIMIT 5000)) RETURNING id), \
noted AS (DELETE FROM dead_letter_actions WHERE dead_letter IN (SELECT id FROM gone)) SELECT id FROM gone";

const PURGE_JOBS: &str = "\
WITH gone AS (DELETE FROM replay_jobs WHERE updated_at < $1 AND state IN ('done', 'failed', 'stopped') RETURNING id), \
noted AS (DELETE FROM dead_letter_actions WHERE job IN (SELECT id FROM gone)) \
DELETE FROM replay_items WHERE job IN (SELECT id FROM gone)";
