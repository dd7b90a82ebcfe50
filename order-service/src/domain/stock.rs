//! Changes of stock by operators.

use contracts::StockChange;

use super::OrderError;
use super::findings::Findings;

const REASON_CHARS_MAX: usize = 500;
/// No warehouse holds more of one thing; keeps every sum far from overflow.
const UNITS_MAX: i64 = 1_000_000_000;
const KEY_CHARS_MAX: usize = 255;

/// A change of stock that can be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delta {
    pub(crate) units: i64,
    pub(crate) reason: String,
}

impl Delta {
    /// The change that was asked for, or all that is wrong with it.
    pub(crate) fn parse(change: &StockChange) -> Result<Self, OrderError> {
        let mut findings = Findings::default();
        if change.delta == 0 {
            findings.note("/delta", "must not be 0");
        }
        if !(-UNITS_MAX..=UNITS_MAX).contains(&change.delta) {
            findings.note("/delta", format!("must be between -{UNITS_MAX} and {UNITS_MAX}"));
        }
        let reason = findings.text("/reason", &change.reason, REASON_CHARS_MAX);
        findings.settle()?;
        Ok(Self { units: change.delta, reason })
    }

    /// The stock after the change of `available` units.
    pub(crate) fn of(&self, available: i64) -> Result<i64, OrderError> {
        let left = available.saturating_add(self.units);
        if left < 0 {
            return Err(OrderError::InsufficientStock { left: available });
        }
        if left > UNITS_MAX {
            let mut findings = Findings::default();
            findings.note("/delta", format!("would make it more than {UNITS_MAX} units"));
            findings.settle()?;
        }
        Ok(left)
    }
}

/// What a caller names a request by, so that it is not done twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    pub(crate) fn parse(text: &str) -> Result<Self, OrderError> {
        let sized = (1..=KEY_CHARS_MAX).contains(&text.len());
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if sized && visible { Ok(Self(text.to_owned())) } else { Err(OrderError::InvalidIdempotencyKey) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
