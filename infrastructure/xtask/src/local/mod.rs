//! `.local/`: what an installation keeps, and what it tells the outside.

mod board;
mod installation;
pub(crate) mod secrets;

use std::path::PathBuf;

use anyhow::{Result, bail};
use testbed::binary::Profile;
use testbed::shared::repository;

pub(crate) use self::board::{Board, State, Unit, now};
pub(crate) use self::installation::{Installation, ports, stores};

/// The folder itself.
pub(crate) fn folder() -> PathBuf {
    repository().join(".local")
}

/// Where the private engines are.
pub(crate) fn engines() -> PathBuf {
    folder().join("engines")
}

/// The log of a binary, or of the supervisor.
pub(crate) fn log(name: &str) -> PathBuf {
    folder().join("log").join(format!("{name}.log"))
}

/// Held by the supervisor as long as it lives.
pub(crate) fn lock() -> PathBuf {
    folder().join("supervisor.lock")
}

/// A profile by its name.
pub(crate) fn profile(name: &str) -> Result<Profile> {
    match name {
        "dev" => Ok(Profile::Dev),
        "release" => Ok(Profile::Release),
        _ => bail!("there is no profile `{name}`"),
    }
}

/// The name of a profile.
pub(crate) const fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Dev => "dev",
        Profile::Release => "release",
    }
}
