//! Why something can't be registered, or is not there.

use chassis::{Fault, Kind};
use contracts::FieldError;

use crate::store::StoreError;

/// The registry's refusals.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// What was said about the service can't be.
    #[error("{}", .0.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// A name of the installation itself.
    #[error("`{0}` is a service of this installation: only its own clients may say where it is")]
    Reserved(String),
    /// There are as many instances as there may be.
    #[error("{0} instances are registered, which is all this bus takes: remove one first")]
    Full(u32),
    /// Nobody goes by this name now.
    #[error("no instance of `{0}` is registered now")]
    NoService(String),
    /// It is not there, or no longer.
    #[error("there is no such instance of `{0}`, or no longer")]
    NoInstance(String),
    /// The database.
    #[error("the registry can't be changed")]
    Store(#[from] StoreError),
}

impl Fault for RegistryError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) => Kind::Invalid,
            Self::Reserved(_) => Kind::Forbidden,
            Self::Full(_) => Kind::Conflict,
            Self::NoService(_) | Self::NoInstance(_) => Kind::Missing,
            Self::Store(_) => Kind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-request",
            Self::Reserved(_) => "forbidden",
            Self::Full(_) => "registry-full",
            Self::NoService(_) => "service-not-found",
            Self::NoInstance(_) => "instance-not-found",
            Self::Store(_) => "unavailable",
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(errors) => errors.clone(),
            _ => Vec::new(),
        }
    }
}
