//! What is wrong with the files, a line each.

use std::fmt;

use anyhow::Result;

/// Everything that was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<String>);

impl Findings {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn extend(&mut self, more: impl IntoIterator<Item = String>) {
        self.0.extend(more);
    }

    /// What a judge said that was not content; what it gave otherwise.
    pub(super) fn judge<T>(&mut self, judge: &str, judged: Result<T>) -> Option<T> {
        match judged {
            Ok(given) => Some(given),
            Err(error) => {
                self.0.push(format!("{judge}: {error:#}"));
                None
            }
        }
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|finding| writeln!(f, "{finding}"))
    }
}
