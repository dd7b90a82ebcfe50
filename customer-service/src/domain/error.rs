//! Everything that can go wrong, by what a caller can do about it.

use std::time::Duration;

use chassis::{BoxError, Fault, Kind};
use contracts::FieldError;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CustomerError {
    #[error("{}", sentence(.0))]
    Invalid(Vec<FieldError>),
    #[error("`{0}` already belongs to a customer: sign in, or use another address")]
    EmailTaken(String),
    #[error("e-mail or password is wrong")]
    WrongCredentials,
    #[error("the refresh token is not valid, or no longer: sign in again")]
    SignedOut,
    #[error("too many wrong passwords for this account: wait a little, then try again")]
    TooManyAttempts { wait: Duration },
    #[error("too many are signing in right now: try again in a moment")]
    Busy,
    #[error("there is nothing with this id")]
    Missing,
    #[error("this account is erased")]
    Erased,
    #[error("an address book holds at most {0} addresses: remove one first")]
    AddressBookFull(i64),
    #[error("it has changed since you read it: read it again, then change it")]
    Stale,
    /// The work was cut off; it may be tried again at once.
    #[error("the store was interrupted")]
    Interrupted(#[source] BoxError),
    #[error("the store can't be reached")]
    Unavailable(#[source] BoxError),
    #[error("the store failed")]
    Store(#[source] BoxError),
    #[error("a password, key or token could not be processed")]
    Crypto(#[source] BoxError),
}

impl Fault for CustomerError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) => Kind::Invalid,
            Self::EmailTaken(_) | Self::Erased | Self::AddressBookFull(_) => Kind::Conflict,
            Self::WrongCredentials | Self::SignedOut => Kind::Unauthorised,
            Self::TooManyAttempts { .. } => Kind::TooMany,
            Self::Missing => Kind::Missing,
            Self::Stale => Kind::Stale,
            Self::Busy | Self::Interrupted(_) | Self::Unavailable(_) => Kind::Unavailable,
            Self::Store(_) | Self::Crypto(_) => Kind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-request",
            Self::EmailTaken(_) => "email-taken",
            Self::WrongCredentials => "wrong-credentials",
            Self::SignedOut => "signed-out",
            Self::TooManyAttempts { .. } => "too-many-attempts",
            Self::Busy => "busy",
            Self::Missing => "not-found",
            Self::Erased => "customer-erased",
            Self::AddressBookFull(_) => "address-book-full",
            Self::Stale => "stale",
            Self::Interrupted(_) | Self::Unavailable(_) => "unavailable",
            Self::Store(_) | Self::Crypto(_) => "internal",
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        if let Self::Invalid(errors) = self { errors.clone() } else { Vec::new() }
    }
}

fn sentence(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>().join("; ")
}

/// What is wrong with a body, gathered place by place, so that all of it is told at once.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<FieldError>);

impl Mistakes {
    /// What was parsed at `pointer`, or `None`, with the reason kept.
    pub(crate) fn keep<T>(&mut self, pointer: &str, parsed: Result<T, String>) -> Option<T> {
        parsed.map_err(|detail| self.0.push(FieldError::new(pointer, detail))).ok()
    }

    /// The same for a field that may be absent.
    pub(crate) fn keep_some<T>(&mut self, pointer: &str, parsed: Option<Result<T, String>>) -> Option<T> {
        self.keep(pointer, parsed.transpose()).flatten()
    }

    /// `value`, unless something was wrong.
    pub(crate) fn unless_any<T>(self, value: Option<T>) -> Result<T, CustomerError> {
        value.filter(|_| self.0.is_empty()).ok_or(CustomerError::Invalid(self.0))
    }
}
