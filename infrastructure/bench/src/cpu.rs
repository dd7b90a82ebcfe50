//! The CPU time of processes, from `/proc`.

use std::time::Duration;

use anyhow::{Context, Result};

/// Kernel ticks a second, the same on every Linux that Rust runs on.
const TICKS_A_SECOND: u64 = 100;

/// What these processes, and the children they have waited for, have used so far.
pub(crate) fn used(pids: &[u32]) -> Result<Duration> {
    pids.iter().map(|pid| used_by(*pid)).sum()
}

/// Fields 14 to 17 of `/proc/<pid>/stat` (proc(5)): user and system time, own and of children.
fn used_by(pid: u32) -> Result<Duration> {
    let stat =
        std::fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))?;
    let after_name = stat.rsplit_once(')').map(|(_, rest)| rest).context("a strange /proc/…/stat")?;
    let ticks = after_name.split_ascii_whitespace().skip(11).take(4).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 1000 / TICKS_A_SECOND))
}

/// The process and all that it started, at this moment.
pub(crate) fn family(pid: u32) -> Vec<u32> {
    let children =
        std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_else(|_gone| String::new());
    let children = children.split_ascii_whitespace().filter_map(|child| child.parse().ok());
    std::iter::once(pid).chain(children.flat_map(family)).collect()
}

/// These processes and all that they started.
pub(crate) fn families(pids: &[u32]) -> Vec<u32> {
    pids.iter().flat_map(|pid| family(*pid)).collect()
}
