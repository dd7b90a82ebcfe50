//! The storefront: its packages, its build, and the types that it has from the bus.

mod npm;
mod types;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result};
use testbed::shared::repository;

pub(crate) use self::npm::Npm;
pub(crate) use self::types::{run as generate, stale};
use crate::say;

/// What the pages are built from.
const SOURCES: [&str; 6] = ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts"];

/// Where it is.
pub(crate) fn folder() -> PathBuf {
    repository().join("frontend")
}

/// The built pages.
pub(crate) fn pages() -> PathBuf {
    folder().join("dist")
}

/// Installs its packages, unless they are there as the lock file names them.
pub(crate) async fn packages() -> Result<()> {
    let installed = newest(&folder().join("node_modules/.package-lock.json"))?;
    if installed.is_some() && installed >= newest(&folder().join("package-lock.json"))? {
        return Ok(());
    }
    Npm::run(&["ci"])?.quiet().await.context("could not install the packages of the storefront")
}

/// Builds the pages for production, unless they are newer than all that they are built from.
pub(crate) async fn build() -> Result<()> {
    let begun = Instant::now();
    packages().await?;
    let mut changed = None;
    for source in SOURCES {
        changed = changed.max(newest(&folder().join(source))?);
    }
    // It is written last.
    if newest(&pages().join("index.html"))?.is_some_and(|built| Some(built) > changed) {
        return Ok(());
    }
    Npm::run(&["run", "build"])?.quiet().await.context("could not build the storefront")?;
    say::done("storefront built", begun.elapsed());
    Ok(())
}

/// When a file, or the newest one in a folder, was written.
fn newest(path: &Path) -> Result<Option<SystemTime>> {
    let Ok(found) = fs::metadata(path) else { return Ok(None) };
    if !found.is_dir() {
        return Ok(Some(found.modified()?));
    }
    let mut newest_inside = None;
    for entry in fs::read_dir(path)? {
        newest_inside = newest_inside.max(newest(&entry?.path())?);
    }
    Ok(newest_inside)
}
