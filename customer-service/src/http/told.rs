//! Failures that say when to come again.

use std::time::Duration;

use chassis::{Failure, Fault as _, Kind};

use crate::domain::CustomerError;

/// The answer to `error`, with `Retry-After` where waiting helps.
pub(super) fn told(error: CustomerError) -> Failure {
    match error {
        CustomerError::TooManyAttempts { wait } => {
            Failure::new(Kind::TooMany, error.code(), error.to_string()).retry_after(wait)
        }
        // Ours, but nothing is broken: not an error in the log.
        CustomerError::Busy => {
            metrics::counter!("passwords_refused_total").increment(1);
            Failure::new(Kind::Unavailable, error.code(), error.to_string()).retry_after(Duration::from_secs(1))
        }
        CustomerError::Interrupted(_) | CustomerError::Unavailable(_) => {
            Failure::from(error).retry_after(Duration::from_secs(1))
        }
        other => other.into(),
    }
}
