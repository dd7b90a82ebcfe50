//! Filters as SQL.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::dead_letters::letter::Filter;

/// A value in a statement.
pub(super) enum Value {
    Text(String),
    Time(DateTime<Utc>),
    Id(Uuid),
    Ids(Vec<Uuid>),
    Number(i64),
}

/// A statement in the making, with its values.
#[derive(Default)]
pub(super) struct Statement {
    sql: String,
    values: Vec<Value>,
}

impl Statement {
    pub(super) fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), values: Vec::new() }
    }

    pub(super) fn push(mut self, sql: &str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends the text, with this value for its `?`.
    pub(super) fn with(mut self, sql: &str, value: Value) -> Self {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.sql.push_str(&sql.replacen('?', &place, 1));
        self
    }

    /// Appends conditions on a letter, after a `WHERE` that has one already.
    pub(super) fn matching(self, filter: &Filter) -> Self {
        let text =
            |sql: &'static str, value: &Option<String>| Some((sql, Value::Text(value.clone()?.replace('\0', ""))));
        let time = |sql: &'static str, value: Option<DateTime<Utc>>| Some((sql, Value::Time(value?)));
        let conditions = [
            text(" AND state = ?", &filter.state.map(|state| state.name().to_owned())),
            text(" AND route = ?", &filter.route),
            text(" AND reason = ?", &filter.reason),
            text(" AND search LIKE ?", &filter.text.as_deref().map(pattern)),
            time(" AND last_at >= ?", filter.from),
            time(" AND last_at < ?", filter.to),
            filter.ids.clone().map(|ids| (" AND id = ANY (?)", Value::Ids(ids))),
        ];
        conditions.into_iter().flatten().fold(self, |statement, (sql, value)| statement.with(sql, value))
    }

    /// Appends that letters are older than this one, if any is named, after a `WHERE` that has a condition already.
    pub(super) fn older_than(self, letter: Option<Uuid>) -> Self {
        match letter {
            Some(id) => self.with(" AND id < ?", Value::Id(id)),
            None => self,
        }
    }

    /// Ready, for the youngest of the letters that match.
    pub(super) fn page(self, filter: &Filter, limit: i64) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        self.matching(filter).with(" ORDER BY id DESC LIMIT ?", Value::Number(limit)).build()
    }

    pub(super) fn build(self) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let query = diesel::sql_query(self.sql).into_boxed();
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Text(value) => query.bind::<Text, _>(value),
            Value::Time(value) => query.bind::<Timestamptz, _>(value),
            Value::Id(value) => query.bind::<SqlUuid, _>(value),
            Value::Ids(value) => query.bind::<Array<SqlUuid>, _>(value),
            Value::Number(value) => query.bind::<BigInt, _>(value),
        })
    }
}

/// Anything that holds the text; signs that mean something to `LIKE` mean themselves.
fn pattern(text: &str) -> String {
    let plain = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}
