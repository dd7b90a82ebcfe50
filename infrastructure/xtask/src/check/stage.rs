//! The stages of a run, their times, and what the first failure said.

use std::fmt::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use testbed::shared::repository;
use tokio::process::Command;

use crate::{bench, say};

/// What has been checked so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    stages: Vec<(&'static str, Duration, Outcome)>,
    first_failure: Option<String>,
}

#[derive(Debug)]
enum Outcome {
    Good,
    Bad,
    Skipped(&'static str),
}

impl Report {
    /// Runs a stage; says whether it went well.
    pub(super) async fn stage(&mut self, name: &'static str, stage: impl Future<Output = Result<()>>) -> bool {
        say::begins(name);
        let begun = Instant::now();
        let ended = stage.await;
        let is_good = ended.is_ok();
        if let Err(error) = ended {
            say::trouble(name);
            self.first_failure.get_or_insert(format!("{name} failed:\n{error:#}"));
        }
        self.stages.push((name, begun.elapsed(), if is_good { Outcome::Good } else { Outcome::Bad }));
        is_good
    }

    /// Says that a stage could not run.
    pub(super) fn skip(&mut self, name: &'static str, because: &'static str) {
        self.stages.push((name, Duration::ZERO, Outcome::Skipped(because)));
    }

    pub(super) fn is_good(&self) -> bool {
        self.stages.iter().all(|(_, _, outcome)| matches!(outcome, Outcome::Good))
    }

    /// A line for each stage, and the first failure.
    pub(super) fn summary(&self) -> String {
        let mut text = String::new();
        if let Some(failure) = &self.first_failure {
            writeln!(text, "\n{}\n", failure.trim_end()).ok();
        }
        for (name, took, outcome) in &self.stages {
            let took = took.as_secs_f32();
            match outcome {
                Outcome::Good => writeln!(text, "    ✓ {name:<24} {took:>7.1} s"),
                Outcome::Bad => writeln!(text, "    ✗ {name:<24} {took:>7.1} s"),
                Outcome::Skipped(because) => writeln!(text, "    ✗ {name:<24} not run: {because}"),
            }
            .ok();
        }
        text.push_str(if self.is_good() { "\nall is well" } else { "\nnot all is well" });
        text
    }
}

/// A call of cargo.
pub(super) struct Cargo(Command);

/// Cargo with these arguments, in the repository.
pub(super) fn cargo(args: &[&str]) -> Cargo {
    let mut command = bench::cargo();
    command.args(args).current_dir(repository()).stdin(Stdio::null());
    Cargo(command)
}

impl Cargo {
    pub(super) fn env(mut self, key: &str, value: &str) -> Self {
        self.0.env(key, value);
        self
    }

    /// Its output is the error if it fails, and nobody's business else.
    pub(super) async fn quiet(mut self) -> Result<()> {
        let output = self.0.output().await.context("could not start cargo")?;
        if output.status.success() {
            return Ok(());
        }
        bail!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// Its output goes to the user as it comes.
    pub(super) async fn loud(mut self) -> Result<()> {
        let ended = self.0.status().await.context("could not start cargo")?;
        if ended.success() { Ok(()) } else { bail!("see its output above") }
    }
}
