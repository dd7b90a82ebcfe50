//! Calls of npm.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use testbed::program;
use tokio::process::Command;

use super::folder;

/// A call of npm in the storefront's folder.
pub(crate) struct Npm(Command);

impl Npm {
    /// `npm` with these arguments.
    pub(crate) fn run(args: &[&str]) -> Result<Self> {
        let npm = program::find("npm").context("npm is not there: install Node.js 20.19 or newer, which brings it")?;
        let mut command = Command::new(npm);
        command.args(args).current_dir(folder()).stdin(Stdio::null());
        Ok(Self(command))
    }

    pub(crate) fn env(mut self, key: &str, value: &str) -> Self {
        self.0.env(key, value);
        self
    }

    /// Its output is the error if it fails, and nobody's business else.
    pub(crate) async fn quiet(mut self) -> Result<()> {
        let output = self.0.output().await.context("could not start npm")?;
        if output.status.success() {
            return Ok(());
        }
        bail!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// Its output goes to the user as it comes.
    pub(crate) async fn loud(mut self) -> Result<()> {
        let ended = self.0.status().await.context("could not start npm")?;
        if ended.success() { Ok(()) } else { bail!("see its output above") }
    }
}
