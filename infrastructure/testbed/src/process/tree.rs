//! What the kernel says about processes: who is whose child, and who is still the one it was.

use std::collections::BTreeMap;
use std::fs;

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

/// One line of `/proc/<pid>/stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) state: char,
    pub(super) parent: i32,
    /// In ticks since boot: together with the pid it names a process for good.
    pub(super) started: u64,
}

pub(super) fn stat(pid: i32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything, so what counts comes after the last one.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    let parent = fields.next()?.parse().ok()?;
    let started = fields.nth(17)?.parse().ok()?;
    Some(Stat { state, parent, started })
}

/// The process and all that descend from it, parents first.
pub(super) fn family(pid: i32) -> Vec<i32> {
    let mut children: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let found = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        if let Some((child, stat)) = found.and_then(|child| Some((child, stat(child)?))) {
            children.entry(stat.parent).or_default().push(child);
        }
    }
    let mut family = vec![pid];
    let mut next = 0;
    while let Some(parent) = family.get(next) {
        family.extend(children.remove(parent).unwrap_or_default());
        next += 1;
    }
    family
}

pub(super) fn signal(pid: i32, signal: Signal) {
    // It may have died by itself, which is as good.
    kill(Pid::from_raw(pid), signal).ok();
}

/// Buries it if it has ended and is a child of ours; whoever started it, an [`Engine`](crate::Engine) that is gone, say.
pub(super) fn reap(pid: i32) {
    waitpid(Pid::from_raw(pid), Some(WaitPidFlag::WNOHANG)).ok();
}

/// Waits for its end if it is a child of ours.
pub(super) fn wait(pid: i32) {
    waitpid(Pid::from_raw(pid), None).ok();
}
