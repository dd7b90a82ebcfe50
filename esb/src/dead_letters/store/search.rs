//! Questions.

use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::condition::{Statement, Value};
use super::{Letters, letter};
use crate::dead_letters::letter::{Filter, Letter};
use crate::store::StoreError;

/// How many of the youngest letters are looked at one by one.
const YOUNGEST: i64 = 2000;

/// A letter with the beginning of its body.
macro_rules! brief {
    () => {
        concat!("SELECT ", letter!("substring(body FROM 1 FOR 16384)"))
    };
}

/// How many of them there are.
#[derive(Debug, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(crate) struct Tally {
    #[diesel(sql_type = Text)]
    pub(crate) state: String,
    #[diesel(sql_type = Text)]
    pub(crate) reason: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) route: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub(crate) count: i64,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) first_at: chrono::DateTime<chrono::Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) last_at: chrono::DateTime<chrono::Utc>,
}

/// Where how many would go.
#[derive(Debug, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub(crate) struct Target {
    #[diesel(sql_type = Text)]
    pub(crate) exchange: String,
    #[diesel(sql_type = Text)]
    pub(crate) routing_key: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) count: i64,
}

impl Letters {
    /// The letters that match, the youngest first, those before `before`, with the beginnings of their bodies.
    pub(crate) async fn search(
        &self,
        filter: &Filter,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Letter>, StoreError> {
        let connection = &mut self.0.connection().await?;
        // What many letters match is found among the youngest; an index would bring all of them, only to be sorted.
        let youngest = Statement::new(concat!(brief!(), " FROM (SELECT * FROM dead_letters WHERE true"));
        let youngest = youngest.older_than(before).with(" ORDER BY id DESC LIMIT ?", Value::Number(YOUNGEST));
        let found = youngest.push(") AS youngest WHERE true").page(filter, limit).load::<Letter>(connection).await?;
        if i64::try_from(found.len()).is_ok_and(|found| found >= limit) {
            return Ok(found);
        }
        let all = Statement::new(concat!(brief!(), " FROM dead_letters WHERE true")).older_than(before);
        Ok(all.page(filter, limit).load(connection).await?)
    }

    /// The letter with all of its body.
    pub(crate) async fn find(&self, id: Uuid) -> Result<Option<Letter>, StoreError> {
        let query = diesel::sql_query(concat!("SELECT ", letter!("body"), " FROM dead_letters WHERE id = $1"));
        let found = query.bind::<SqlUuid, _>(id).load(&mut self.0.connection().await?).await?;
        Ok(found.into_iter().next())
    }

    /// The letters that came of replaying this one, the oldest first.
    pub(crate) async fn returned(&self, letter: &Letter) -> Result<Vec<Uuid>, StoreError> {
        let Some(replay) = letter.replayed_as else { return Ok(Vec::new()) };
        let query = diesel::sql_query("SELECT id FROM dead_letters WHERE replay_id = $1 ORDER BY id LIMIT 100");
        let found = query.bind::<SqlUuid, _>(replay).load::<super::Id>(&mut self.0.connection().await?).await?;
        Ok(found.into_iter().map(|row| row.id).collect())
    }

    /// How many there are, by state, reason and route.
    pub(crate) async fn summary(&self) -> Result<Vec<Tally>, StoreError> {
        let query = diesel::sql_query(
            "SELECT state, reason, route, count(*) AS count, min(first_at) AS first_at, max(last_at) AS last_at \
             FROM dead_letters GROUP BY state, reason, route ORDER BY count(*) DESC, reason, route LIMIT 1000",
        );
        Ok(query.load(&mut self.0.connection().await?).await?)
    }

    /// How many waiting ones match, and where they would go.
    pub(crate) async fn targets(&self, filter: &Filter) -> Result<Vec<Target>, StoreError> {
        let head = "SELECT target_exchange AS exchange, target_key AS routing_key, count(*) AS count FROM dead_letters \
                    WHERE state = 'waiting'";
        let statement = Statement::new(head).matching(filter);
        let statement = statement.push(" GROUP BY target_exchange, target_key ORDER BY count(*) DESC, 1, 2");
        Ok(statement.build().load(&mut self.0.connection().await?).await?)
    }
}
