//! `cargo xtask down`: ends everything, whatever state it is in.

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use testbed::engine::{Engine, Site};
use testbed::lock::Lock;
use testbed::process::{Bond, Identity, Process};
use testbed::{shared, wait};

use crate::local::{self, Board};
use crate::say;

/// Longer than a binary and then an engine may take.
const CLEAN_WITHIN: Duration = Duration::from_secs(90);
const SPEAKS_WITHIN: Duration = Duration::from_secs(30);

pub(crate) async fn run() -> Result<ExitCode> {
    let begun = Instant::now();
    end_supervisor().await?;
    for identity in Board::read().unwrap_or_default().alive() {
        if let Some(left) = Process::found(identity) {
            left.stop(Signal::SIGTERM, Duration::from_secs(10)).await?;
        }
    }
    if local::engines().exists() {
        for site in Site::all_in(&local::engines())? {
            Engine::open(site, Bond::Nobody).stop().await?;
        }
    }
    shared::discard(&shared::folder()).await?;
    // What it says is true no longer.
    fs::remove_file(local::folder().join("env")).ok();
    say::done("stopped", begun.elapsed());
    Ok(ExitCode::SUCCESS)
}

/// It ends its children by itself, in the right order.
async fn end_supervisor() -> Result<()> {
    // One that was started just now has not said yet who it is.
    let known = || Board::read().is_ok_and(|board| board.supervisor.is_some_and(Identity::is_alive));
    let is_clear = || known() || Lock::try_take(&local::lock()).is_ok_and(|lock| lock.is_some());
    wait::until("the supervisor says who it is", SPEAKS_WITHIN, || std::future::ready(is_clear())).await?;
    let Some(supervisor) = Board::read().unwrap_or_default().supervisor.filter(|found| found.is_alive()) else {
        return Ok(());
    };
    say::begins("stopping");
    kill(Pid::from_raw(supervisor.pid), Signal::SIGTERM)?;
    let ended = wait::until("a clean end", CLEAN_WITHIN, || std::future::ready(!supervisor.is_alive())).await;
    if let (Err(_), Some(process)) = (ended, Process::found(supervisor)) {
        say::begins("it does not end by itself, and is killed");
        process.kill9().await?;
    }
    Ok(())
}
