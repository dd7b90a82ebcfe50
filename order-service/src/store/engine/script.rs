//! A transaction as one message: the engine gets all of it at once, and commits it or stops at the first statement
//! that fails. That saves four round trips for each order, and rows are locked only while the engine itself works.
//!
//! Values are written as numbers and hexadecimal literals alone, so no text can end one and begin a statement.

use std::fmt::Write as _;

use contracts::Timestamp;

const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

/// A transaction in the making.
#[derive(Debug, Clone)]
pub(crate) struct Script(String);

impl Script {
    /// A transaction of nothing yet.
    pub(crate) fn begin() -> Self {
        Self("START TRANSACTION".to_owned())
    }

    /// Then this statement.
    #[must_use]
    pub(crate) fn then(mut self, statement: &str) -> Self {
        self.0.push(';');
        self.0.push_str(statement);
        self
    }

    /// `value`, for a column that takes no NULL, if the statement before has met `rows` rows; else NULL, which the
    /// engine refuses, and with it the transaction ([`super::Failed::Unmet`]).
    pub(crate) fn fenced(rows: usize, value: &str) -> String {
        format!("IF(ROW_COUNT() = {rows}, {value}, NULL)")
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str(";COMMIT");
        self.0
    }
}

/// A literal for bytes, such as an id.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let mut literal = String::with_capacity(2 * bytes.len() + 3);
    literal.push_str("X'");
    for byte in bytes {
        let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
        literal.push(digit(byte >> 4));
        literal.push(digit(byte & 15));
    }
    literal.push('\'');
    literal
}

/// A literal for text.
pub(crate) fn text(text: &str) -> String {
    format!("_utf8mb4 {}", bytes(text.as_bytes()))
}

/// A literal for a moment, to the microsecond.
pub(crate) fn moment(at: Timestamp) -> String {
    let mut literal = String::with_capacity(28);
    match write!(literal, "'{}'", at.format("%Y-%m-%d %H:%M:%S%.6f")) {
        Ok(()) => literal,
        Err(_unwritable) => "NULL".to_owned(),
    }
}

/// The literal, or NULL.
pub(crate) fn or_null(literal: Option<String>) -> String {
    literal.unwrap_or_else(|| "NULL".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_own_literal() {
        let hostile = "'; DROP TABLE orders; -- \\' \u{0} ä";
        let literal = text(hostile);
        let inner = literal.strip_prefix("_utf8mb4 X'").and_then(|rest| rest.strip_suffix('\'')).expect("a literal");
        assert!(inner.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(inner.len(), 2 * hostile.len());
    }
}
