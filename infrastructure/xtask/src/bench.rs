//! `cargo xtask bench <name>`: runs a load program, optimised.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use testbed::binary::{self, Profile};
use testbed::process::environment;
use testbed::shared::repository;
use tokio::process::Command;

pub(crate) async fn run(name: &str, rest: &[&str]) -> Result<ExitCode> {
    binary::build(Profile::Release)?.run().await.context("could not build")?;
    let program = binary::folder(Profile::Release)?.join("bench");
    let mut command = Command::new(program);
    command.arg(name).args(rest).current_dir(repository());
    let ended = command.status().await.context("could not start the benchmark")?;
    Ok(if ended.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut command = Command::new(program);
    command.env_clear().envs(environment());
    command
}
