//! Who does something, when; and documents with their version.

use contracts::{HistoryEntry, OrderStatus, Timestamp};

use super::OrderError;
use super::findings::Findings;

/// A document as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Versioned<T> {
    pub(crate) document: T,
    pub(crate) version: i64,
}

/// Something done by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Act {
    /// `customer:<id>`, `operator:<id>` or `client:<name>`.
    pub(crate) by: String,
    pub(crate) at: Timestamp,
}

impl Act {
    /// The line in an order's history that says so.
    pub(super) fn entry(&self, status: OrderStatus, reason: Option<String>) -> HistoryEntry {
        HistoryEntry { status, at: self.at, by: self.by.clone(), reason }
    }
}

/// A text that may be absent, but not empty or longer than `chars_max`.
pub(crate) fn optional_text(pointer: &str, text: Option<&str>, chars_max: usize) -> Result<Option<String>, OrderError> {
    let mut findings = Findings::default();
    let text = text.map(|text| findings.text(pointer, text, chars_max));
    findings.settle()?;
    Ok(text)
}

/// The versions that a change was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Whatever there is now.
    Any,
    /// One of these.
    OneOf(Vec<i64>),
}

impl Wanted {
    pub(crate) fn check(&self, version: i64) -> Result<(), OrderError> {
        match self {
            Self::OneOf(versions) if !versions.contains(&version) => Err(OrderError::Stale),
            Self::Any | Self::OneOf(_) => Ok(()),
        }
    }
}
