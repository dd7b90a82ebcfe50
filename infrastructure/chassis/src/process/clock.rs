//! The time, handed in, so that tests can choose it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, DurationRound, Utc};

/// Tells the time, to the microsecond that every store keeps.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    frozen: Option<Arc<Mutex<DateTime<Utc>>>>,
}

impl Clock {
    /// The machine's clock.
    pub const fn real() -> Self {
        Self { frozen: None }
    }

    /// A clock that stands at `now` until it is moved.
    pub fn frozen(now: DateTime<Utc>) -> Self {
        Self { frozen: Some(Arc::new(Mutex::new(now))) }
    }

    /// The time.
    #[expect(clippy::disallowed_methods, reason = "the one place where the time is read")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.frozen {
            Some(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
            None => Utc::now(),
        };
        now.duration_trunc(Duration::microseconds(1)).unwrap_or(now)
    }

    /// Moves a frozen clock; the machine's clock does not move.
    pub fn advance(&self, by: Duration) {
        if let Some(at) = &self.frozen {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}
