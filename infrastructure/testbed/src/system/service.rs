//! One of our binaries as a child process, always at the same port and with the same settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::time::{Instant, sleep};

use crate::binary::Binary;
use crate::engine::tail;
use crate::http;
use crate::process::{Bond, Identity, Launch, Process, Signal};

const READY_WITHIN: Duration = Duration::from_mins(1);
const END_WITHIN: Duration = Duration::from_secs(25);
const POLL: Duration = Duration::from_millis(25);

/// A binary that can be killed, stopped, paused and started again.
#[derive(Debug)]
pub struct Service {
    /// Which binary.
    pub binary: Binary,
    /// Where it listens, on the loopback.
    pub port: u16,
    /// Where what it says goes.
    pub log: PathBuf,
    launch: Launch,
    process: Mutex<Option<Process>>,
}

impl Service {
    /// A binary that has not been started.
    pub fn new(binary: Binary, port: u16, program: &Path, log: PathBuf) -> Self {
        let folder = log.parent().unwrap_or(Path::new("/"));
        Self { binary, port, launch: Launch::new(program, folder), log, process: Mutex::new(None) }
    }

    /// With these settings.
    #[must_use]
    pub fn with(mut self, env: &BTreeMap<String, String>) -> Self {
        self.launch = env.iter().fold(self.launch.clone(), |launch, (key, value)| launch.env(key, value));
        self
    }

    /// The file that it runs.
    pub fn program(&self) -> &Path {
        self.launch.program()
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Who it is, if it was started.
    pub fn identity(&self) -> Option<Identity> {
        self.process().map(|process| process.identity())
    }

    /// Whether its process runs.
    pub fn is_alive(&self) -> bool {
        self.process().is_some_and(|process| process.is_alive())
    }

    /// Whether it says that it is ready.
    pub async fn is_ready(&self) -> bool {
        http::is_ok(&format!("{}/health/ready", self.url())).await
    }

    /// Starts it, and returns when it is ready.
    pub async fn start(&self) -> Result<()> {
        self.launch()?;
        self.ready().await
    }

    /// Starts it, unless it runs.
    pub fn launch(&self) -> Result<()> {
        if !self.is_alive() {
            let started = Process::start(&self.launch, &self.log, Bond::Starter);
            let started = started.with_context(|| format!("could not start {}", self.binary.name()))?;
            *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
        }
        Ok(())
    }

    /// Waits until it is ready; fails early, with the end of its log, when its process is gone.
    pub async fn ready(&self) -> Result<()> {
        let (name, deadline) = (self.binary.name(), Instant::now() + READY_WITHIN);
        while !self.is_ready().await {
            if !self.is_alive() {
                bail!("{name} ended at its start\n{}", tail(&self.log));
            }
            if Instant::now() > deadline {
                bail!("{name} was not ready within {READY_WITHIN:?}\n{}", tail(&self.log));
            }
            sleep(POLL).await;
        }
        Ok(())
    }

    /// SIGKILL, as a crash does it.
    pub async fn kill9(&self) -> Result<()> {
        match self.process() {
            Some(process) => process.kill9().await,
            None => Ok(()),
        }
    }

    /// SIGTERM, as a platform does it.
    pub async fn stop(&self) -> Result<()> {
        match self.process() {
            Some(process) => process.stop(Signal::SIGTERM, END_WITHIN).await,
            None => Ok(()),
        }
    }

    /// Freezes it: connections stay open, and nothing answers.
    pub fn pause(&self) {
        self.process().iter().for_each(Process::pause);
    }

    /// Lets it go on after [`Service::pause`].
    pub fn resume(&self) {
        self.process().iter().for_each(Process::resume);
    }

    fn process(&self) -> Option<Process> {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process().iter().for_each(Process::kill_now);
    }
}
