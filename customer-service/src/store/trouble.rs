//! What the engine's errors mean: try again at once, come again later, or look into it.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

use crate::domain::CustomerError;

/// What PostgreSQL says when it went away or had to choose a victim. The driver does not pass the codes on.
const INTERRUPTIONS: [&str; 3] = ["terminating connection", "deadlock detected", "could not serialize"];
/// What it says when it can't do the work now.
const NOT_NOW: [&str; 6] = [
    "canceling statement",
    "the database system is",
    "too many clients",
    "remaining connection slots",
    "out of shared memory",
    "lock timeout",
];

impl From<Error> for CustomerError {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound => Self::Missing,
            Error::BrokenTransactionManager => Self::Interrupted(error.into()),
            Error::DatabaseError(kind, information) => match sort(*kind, information.as_ref()) {
                Trouble::Again => Self::Interrupted(error.into()),
                Trouble::Later => Self::Unavailable(error.into()),
                Trouble::Ours => Self::Store(error.into()),
            },
            _ => Self::Store(error.into()),
        }
    }
}

enum Trouble {
    Again,
    Later,
    Ours,
}

fn sort(kind: DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> Trouble {
    use DatabaseErrorKind::{ClosedConnection, SerializationFailure, UnableToSendCommand};
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| information.message().contains(phrase));
    match kind {
        ClosedConnection | SerializationFailure | UnableToSendCommand => Trouble::Again,
        DatabaseErrorKind::Unknown if says(&INTERRUPTIONS) => Trouble::Again,
        DatabaseErrorKind::Unknown if says(&NOT_NOW) => Trouble::Later,
        _ => Trouble::Ours,
    }
}

/// Whether this is the violation of the unique index `name`.
pub(super) fn violates(error: &Error, name: &str) -> bool {
    matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information)
        if information.constraint_name() == Some(name))
}
