//! Spans of SQL: what a statement does to which tables, and nothing of its values.

use std::fmt::{self, Write};

use opentelemetry::trace::SpanKind;

use super::Span;

/// Statements of a transaction that name no table.
const BARE: [&str; 7] = ["BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET"];
const SUMMARY_MAX: usize = 255;
/// How much of a statement is looked at.
const HEAD_MAX: usize = 8 << 10;
/// What diesel writes between a statement and its values.
const VALUES: &str = "-- binds";

/// The statement that a connection is busy with; one at a time.
#[derive(Debug)]
pub struct Statement {
    /// As OpenTelemetry calls the engine, such as `postgresql`.
    system: &'static str,
    span: Span,
}

impl Statement {
    /// None yet.
    pub fn of(system: &'static str) -> Self {
        Self { system, span: Span::default() }
    }

    /// The connection begins with a statement, which is written out only where it is recorded, and without its values.
    pub fn begin(&mut self, statement: &(impl fmt::Display + ?Sized)) {
        self.span = Span::begin(SpanKind::Client, "");
        if self.span.is_recorded() {
            let summary = summary(&head(statement));
            self.span.rename(|| if summary.is_empty() { self.system.to_owned() } else { summary.clone() });
            self.span.set("db.system.name", self.system);
            self.span.set("db.query.summary", summary);
        }
    }

    /// It has ended. What is wrong is not told in the engine's words, which may hold values.
    pub fn end<E>(&mut self, error: Option<&E>) {
        let mut span = std::mem::take(&mut self.span);
        if error.is_some() {
            span.fail("the statement failed");
        }
    }
}

/// The text of a statement up to its values, which may be megabytes.
struct Head(String);

impl fmt::Write for Head {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if self.0.len() > HEAD_MAX || piece.contains(VALUES) {
            return Err(fmt::Error);
        }
        self.0.push_str(piece);
        Ok(())
    }
}

fn head(statement: &(impl fmt::Display + ?Sized)) -> String {
    let mut head = Head(String::new());
    // It says so that it has seen enough.
    write!(head, "{statement}").ok();
    head.0
}

/// `INSERT orders UPDATE products`, for a script that does this: verbs and tables in their order.
fn summary(sql: &str) -> String {
    let words = words(sql);
    let mut found: Vec<&str> = Vec::new();
    let (mut before, mut wants_table) = ("", false);
    for word in &words {
        let upper = word.to_ascii_uppercase();
        match upper.as_str() {
            "UPDATE" if matches!(before, "FOR" | "DO" | "KEY") => {}
            "SELECT" | "INSERT" | "DELETE" | "UPDATE" => {
                found.push(word);
                wants_table = upper == "UPDATE";
            }
            "FROM" | "INTO" | "JOIN" => wants_table = true,
            _ if wants_table => {
                wants_table = false;
                found.push(word);
            }
            _ => {}
        }
        before = word;
    }
    let first = words.first().filter(|word| BARE.contains(&word.to_ascii_uppercase().as_str()));
    found.dedup();
    let mut text = if found.is_empty() { first.map_or("", |word| word).to_owned() } else { found.join(" ") };
    text.truncate(text.floor_char_boundary(SUMMARY_MAX));
    text
}

/// The words of SQL outside of its strings; quotes around names are left out.
fn words(sql: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = sql.split(VALUES).next().unwrap_or(sql);
    while let Some(first) = rest.chars().next() {
        let is_word = |one: char| one.is_alphanumeric() || one == '_';
        let taken = match first {
            '\'' => string_end(rest),
            one if is_word(one) => rest.find(|one| !is_word(one)).unwrap_or(rest.len()),
            one => one.len_utf8(),
        };
        let (word, after) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        if is_word(first) {
            words.push(word);
        }
        rest = after;
    }
    words
}

/// Where the string that `text` begins with ends; a quote within is doubled, or comes after a backslash.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, one) in text.char_indices().skip(1) {
        match one {
            '\\' if !escaped => escaped = true,
            '\'' if !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_statement_is_known_by_what_it_does_to_which_tables() {
        let known = [
            ("SELECT `orders`.`id` FROM `orders` WHERE id = ? -- binds: [\"secret\"]", "SELECT orders"),
            (
                "WITH due AS (SELECT id FROM sagas FOR UPDATE SKIP LOCKED) UPDATE sagas AS s SET owner = $1",
                "SELECT sagas UPDATE sagas",
            ),
            ("INSERT INTO lead (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $2", "INSERT lead"),
            ("START TRANSACTION", "START"),
            ("COMMIT", "COMMIT"),
            ("DO 1", ""),
        ];
        for (sql, wanted) in known {
            assert_eq!(summary(sql), wanted, "{sql}");
        }
    }

    #[test]
    fn nothing_of_a_string_is_told() {
        let script =
            "BEGIN; INSERT INTO orders VALUES ('from hell', 'it''s into \\' update you', _utf8'JOIN x'); COMMIT";
        assert_eq!(summary(script), "INSERT orders");
    }
}
