//! What can be wrong with a wish about dead letters.

use chassis::{Fault, Kind};

use super::properties::Unreadable;
use crate::store::StoreError;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeadLetterError {
    /// There is none of this id.
    #[error("there is no such dead letter")]
    Missing,
    /// Only a waiting one can be edited, replayed or discarded.
    #[error("only a waiting dead letter can be edited, replayed or discarded; this one is {0}")]
    NotWaiting(String),
    /// Somebody else was faster.
    #[error("it has changed since you read it: read it again, then change it")]
    Changed,
    /// There is nowhere to send it to.
    #[error("there is no connection to the broker: try again in a moment; the dead letter still waits")]
    BrokerAway,
    /// The broker, or the exchange it would go to, does not take it.
    #[error("the replay was refused, and the dead letter still waits: {0}")]
    Refused(String),
    /// There is no replay of this id.
    #[error("there is no such replay")]
    NoJob,
    /// It is over, or not in a state for this.
    #[error("this replay is {0}: only a running one can be paused, a paused one resumed, and either cancelled")]
    JobState(String),
    /// What is kept of it can't be read.
    #[error("the dead letter is damaged")]
    Damaged(#[from] Unreadable),
    /// The database failed.
    #[error("the dead letters could not be read or written")]
    Store(#[from] StoreError),
}

impl Fault for DeadLetterError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing | Self::NoJob => Kind::Missing,
            Self::NotWaiting(_) | Self::Refused(_) | Self::JobState(_) => Kind::Conflict,
            Self::Changed => Kind::Stale,
            Self::BrokerAway | Self::Store(_) => Kind::Unavailable,
            Self::Damaged(_) => Kind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "dead-letter-not-found",
            Self::NoJob => "replay-not-found",
            Self::NotWaiting(_) => "dead-letter-not-waiting",
            Self::Refused(_) => "replay-refused",
            Self::JobState(_) => "replay-not-possible",
            Self::Changed => "stale",
            Self::BrokerAway => "broker-unavailable",
            Self::Store(_) => "unavailable",
            Self::Damaged(_) => "internal",
        }
    }
}
