//! What the engine's refusals mean. Its driver tells few of them by kind, so the others are told by their words.

use chassis::BoxError;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::deadpool::PoolError;

use crate::domain::OrderError;

/// The transaction was rolled back for others' sake, and can be tried again.
const LOCKED: [&str; 3] = ["Deadlock found", "Lock wait timeout exceeded", "Record has changed since last read"];
/// The connection is gone, or the engine is on its way out or read-only; whether the work was done is not known.
const LOST: [&str; 9] = [
    "Input/output error",
    "Driver error",
    "Server shutdown in progress",
    "Connection was killed",
    "disconnected by the server because of inactivity",
    "Query execution was interrupted",
    "maximum statement execution time exceeded",
    "Too many connections",
    "read-only",
];

/// Why work on the engine did not succeed.
#[derive(Debug)]
pub(crate) enum Failed {
    /// A row with this key is there already.
    Taken(BoxError),
    /// The rows are not, or no longer, as the transaction needs them; nothing was done.
    Unmet,
    /// Others held the rows; nothing was done.
    Locked(BoxError),
    /// The engine can't be reached, or did not answer; whether the work was done is not known.
    Lost(BoxError),
    /// The domain says no.
    Refused(OrderError),
    /// What should never happen.
    Broken(BoxError),
}

impl Failed {
    /// Whether trying again may help.
    pub(super) const fn passes(&self) -> bool {
        matches!(self, Self::Locked(_) | Self::Lost(_))
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, words) = &error else { return Self::Broken(error.into()) };
        let says = |known: &[&str]| known.iter().any(|one| words.message().contains(one));
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::Taken(error.into()),
            // The fence of a script: see `Script::fenced`.
            DatabaseErrorKind::NotNullViolation => Self::Unmet,
            _ if says(&LOCKED) => Self::Locked(error.into()),
            _ if says(&LOST) => Self::Lost(error.into()),
            _ => Self::Broken(error.into()),
        }
    }
}

impl From<PoolError> for Failed {
    fn from(error: PoolError) -> Self {
        Self::Lost(error.into())
    }
}

impl From<OrderError> for Failed {
    fn from(error: OrderError) -> Self {
        Self::Refused(error)
    }
}

impl From<serde_json::Error> for Failed {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<Failed> for OrderError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(error) => error,
            Failed::Locked(cause) | Failed::Lost(cause) => Self::Unavailable(cause),
            Failed::Unmet => Self::Unavailable("others kept changing the same rows".into()),
            Failed::Taken(cause) | Failed::Broken(cause) => Self::Store(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error};

    use super::Failed;

    /// MySQL's last words on a connection that has waited all night; the next one works.
    #[test]
    fn a_connection_that_was_idle_for_too_long_is_lost() {
        let words = "The client was disconnected by the server because of inactivity. See wait_timeout and \
                     interactive_timeout for configuring this behavior.";
        let error = Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(words.to_owned()));
        assert!(matches!(Failed::from(error), Failed::Lost(_)));
    }
}
