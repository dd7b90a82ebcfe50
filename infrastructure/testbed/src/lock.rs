//! A lock between processes: a file that the kernel unlocks when its holder dies.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::wait;

/// Held until it is dropped, or its process is gone.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not read")] File);

impl Lock {
    /// The lock, if nobody has it.
    pub fn try_take(path: &Path) -> Result<Option<Self>> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
        }
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
        let file = file.with_context(|| format!("could not open the lock {}", path.display()))?;
        Ok(file.try_lock().is_ok().then_some(Self(file)))
    }

    /// The lock, as soon as its holder lets go of it.
    pub async fn take(path: &Path, bound: Duration) -> Result<Self> {
        let mut taken = Self::try_take(path)?;
        if taken.is_none() {
            let what = format!("the lock {} is held by another process", path.display());
            wait::until(&what, bound, || {
                taken = Self::try_take(path).ok().flatten();
                std::future::ready(taken.is_some())
            })
            .await?;
        }
        taken.context("the lock was lost")
    }
}
