//! Child processes that can be killed, stopped, paused, and waited for until nothing of them is left.

mod account;
mod environment;
mod launch;
mod tree;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
pub use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

pub use self::account::{Account, private_file, private_folder, reachable};
pub use self::environment::environment;
pub use self::launch::{Bond, Launch};
use crate::wait;

/// How long a process may take to stand still.
const STILL_MAX: Duration = Duration::from_secs(2);

const GONE_WITHIN: Duration = Duration::from_secs(15);

/// A process for good: pids are used again, the pair of pid and start is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The process id.
    pub pid: i32,
    started: u64,
}

impl Identity {
    /// The process that has this pid now.
    pub fn of(pid: i32) -> Option<Self> {
        tree::stat(pid).map(|stat| Self { pid, started: stat.started })
    }

    /// Whether it runs; a zombie does not.
    pub fn is_alive(self) -> bool {
        self.stat().is_some_and(|stat| !matches!(stat.state, 'Z' | 'X'))
    }

    fn stat(self) -> Option<tree::Stat> {
        tree::stat(self.pid).filter(|stat| stat.started == self.started)
    }
}

/// A process that we started, or found.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    identity: Identity,
}

impl Process {
    /// Starts a program; what it says is appended to the log.
    pub fn start(launch: &Launch, log: &Path, bond: Bond) -> Result<Self> {
        let child = launch.spawn(log, bond)?;
        let pid = i32::try_from(child.id()).context("a pid beyond all bounds")?;
        let identity = Identity::of(pid).context("the process vanished at its start")?;
        Ok(Self { identity })
    }

    /// A process that somebody else started, if it still runs.
    pub fn found(identity: Identity) -> Option<Self> {
        identity.is_alive().then_some(Self { identity })
    }

    /// Who it is.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Its process id.
    pub fn pid(&self) -> i32 {
        self.identity.pid
    }

    /// Whether it runs. One that has ended is reaped on the way.
    pub fn is_alive(&self) -> bool {
        self.reap();
        self.identity.is_alive()
    }

    /// Sends a signal to the process alone.
    pub fn signal(&self, signal: Signal) {
        if self.is_alive() {
            tree::signal(self.pid(), signal);
        }
    }

    /// SIGKILL to it and all its descendants, then waits until nothing is left, no zombie either.
    pub async fn kill9(&self) -> Result<()> {
        let family = self.signal_family(Signal::SIGKILL);
        self.gone(&family).await
    }

    /// Asks it to end, and kills it if it has not within the bound.
    pub async fn stop(&self, signal: Signal, bound: Duration) -> Result<()> {
        let family = self.family();
        self.signal(signal);
        let ended = wait::until("a clean end", bound, || std::future::ready(!self.is_alive())).await;
        if ended.is_err() {
            return self.kill9().await;
        }
        self.gone(&family).await
    }

    /// Freezes it and its descendants; returns when every thread of it stands still.
    pub fn pause(&self) {
        self.signal_family(Signal::SIGSTOP);
        // A signal is delivered later than it is sent.
        let asked = Instant::now();
        while !stands_still(self.pid()) && asked.elapsed() < STILL_MAX {
            std::thread::yield_now();
        }
    }

    /// Lets it go on after [`Process::pause`].
    pub fn resume(&self) {
        self.signal_family(Signal::SIGCONT);
    }

    /// SIGKILL without waiting, for a drop.
    pub(crate) fn kill_now(&self) {
        self.signal_family(Signal::SIGKILL);
        tree::wait(self.pid());
    }

    fn family(&self) -> Vec<Identity> {
        if self.is_alive() {
            tree::family(self.pid()).into_iter().filter_map(Identity::of).collect()
        } else {
            Vec::new()
        }
    }

    fn signal_family(&self, signal: Signal) -> Vec<Identity> {
        let family = self.family();
        for member in family.iter().filter(|member| member.is_alive()) {
            tree::signal(member.pid, signal);
        }
        family
    }

    async fn gone(&self, family: &[Identity]) -> Result<()> {
        let what = format!("process {} is gone", self.pid());
        wait::until(&what, GONE_WITHIN, || {
            self.reap();
            std::future::ready(family.iter().all(|member| member.stat().is_none()))
        })
        .await
    }

    fn reap(&self) {
        tree::reap(self.pid());
    }
}

/// Whether every thread is stopped, by the state in `/proc/<pid>/task/<tid>/stat` (proc(5)).
fn stands_still(pid: i32) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return true };
    threads.flatten().all(|thread| {
        let Ok(stat) = std::fs::read_to_string(thread.path().join("stat")) else { return true };
        stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
    })
}
