//! Private copies of the real engines: PostgreSQL, MySQL or MariaDB, MongoDB, RabbitMQ.

mod database;
mod kind;
mod mongo;
mod mysql;
mod postgres;
mod rabbitmq;
mod set;
mod site;
mod sweep;

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::time::{Instant, sleep};

pub use self::database::Vhost;
pub use self::kind::Kind;
pub use self::set::{Engines, Sites};
pub use self::site::{BrokerPorts, Durability, Site, USER, secret};
use crate::process::{Bond, Identity, Process, private_file};

const READY_WITHIN: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(50);

/// One engine: may be killed, stopped, paused and started again, always on the same ports and the same data.
#[derive(Debug)]
pub struct Engine {
    site: Site,
    bond: Bond,
    /// The engine itself is the last one.
    processes: Mutex<Vec<Process>>,
}

impl Engine {
    /// The engine of this site, with what still runs of it.
    pub fn open(site: Site, bond: Bond) -> Self {
        let known = fs::read_to_string(site.running()).unwrap_or_default();
        let known: Vec<Identity> = serde_json::from_str(&known).unwrap_or_default();
        let processes = known.into_iter().filter_map(Process::found).collect();
        Self { site, bond, processes: Mutex::new(processes) }
    }

    /// Where it lives.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The pid of the engine itself.
    pub fn pid(&self) -> Option<i32> {
        self.main().map(|main| main.pid())
    }

    /// Who the engine itself is.
    pub fn identity(&self) -> Option<Identity> {
        self.main().map(|main| main.identity())
    }

    /// Whether a client gets an answer.
    pub async fn is_ready(&self) -> bool {
        self.site.kind.answers(&self.site).await
    }

    /// Whether its process runs.
    pub fn is_alive(&self) -> bool {
        self.main().is_some_and(|main| main.is_alive())
    }

    /// Starts it, and returns when it answers. What is left of an earlier run is cleared away first.
    pub async fn start(&self) -> Result<()> {
        self.launch().await?;
        self.ready().await
    }

    /// Starts it without waiting for its answer.
    pub async fn launch(&self) -> Result<()> {
        if let Some(main) = self.main().filter(Process::is_alive) {
            main.kill9().await?;
        }
        self.site.prepare().await?;
        let mut running = self.companions();
        for (name, launch) in self.site.kind.launches(&self.site)?.into_iter().skip(running.len()) {
            let started = Process::start(&launch, &self.site.log(&name), self.bond);
            running.push(started.with_context(|| format!("could not start {}", self.site.product))?);
            self.remember(&running)?;
        }
        Ok(())
    }

    /// Waits until it answers; fails early, with the end of its log, when its process is gone.
    pub async fn ready(&self) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        while !self.is_ready().await {
            if !self.is_alive() {
                bail!("{} ended at its start\n{}", self.site.product, self.log_tail());
            }
            if Instant::now() > deadline {
                bail!("{} did not answer within {READY_WITHIN:?}\n{}", self.site.product, self.log_tail());
            }
            sleep(POLL).await;
        }
        Ok(())
    }

    /// SIGKILL, as a crash does it.
    pub async fn kill9(&self) -> Result<()> {
        match self.main() {
            Some(main) => main.kill9().await,
            None => Ok(()),
        }
    }

    /// A clean end of it and of its companions.
    pub async fn stop(&self) -> Result<()> {
        let (signal, bound) = self.site.kind.farewell();
        if let Some(main) = self.main() {
            main.stop(signal, bound).await?;
        }
        for companion in self.companions() {
            companion.kill9().await?;
        }
        self.remember(&[])
    }

    /// Kills it and removes its data.
    pub async fn discard(&self) -> Result<()> {
        self.kill9().await?;
        self.stop().await?;
        remove(&self.site.folder)?;
        remove(&self.site.running())?;
        remove(&self.site.folder.with_extension("json"))
    }

    /// Freezes it: connections stay open, and nothing answers.
    pub fn pause(&self) {
        self.main().iter().for_each(Process::pause);
    }

    /// Lets it go on after [`Engine::pause`].
    pub fn resume(&self) {
        self.main().iter().for_each(Process::resume);
    }

    /// The last lines of its log.
    pub fn log_tail(&self) -> String {
        tail(&self.site.log(self.site.kind.name()))
    }

    fn main(&self) -> Option<Process> {
        let processes = self.processes.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = usize::from(self.site.broker.is_some());
        processes.get(wanted).copied()
    }

    /// What runs beside the engine itself.
    fn companions(&self) -> Vec<Process> {
        let processes = self.processes.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = usize::from(self.site.broker.is_some());
        processes.iter().take(wanted).filter(|process| process.is_alive()).copied().collect()
    }

    fn remember(&self, running: &[Process]) -> Result<()> {
        let identities: Vec<_> = running.iter().map(Process::identity).collect();
        *self.processes.lock().unwrap_or_else(PoisonError::into_inner) = running.to_vec();
        private_file(&self.site.running(), &serde_json::to_string(&identities)?, None)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.bond == Bond::Starter {
            let processes = self.processes.get_mut().unwrap_or_else(PoisonError::into_inner);
            processes.iter().rev().for_each(Process::kill_now);
        }
    }
}

fn remove(path: &Path) -> Result<()> {
    let gone = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match gone {
        Err(error) if path.exists() => Err(error).with_context(|| format!("could not remove {}", path.display())),
        _ => Ok(()),
    }
}

/// The last lines of a log, for an error that is read by people.
pub fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().skip(lines.len().saturating_sub(20));
    let quoted: Vec<_> = last.map(|line| format!("  | {line}")).collect();
    format!("{} ends with:\n{}", log.display(), quoted.join("\n"))
}
