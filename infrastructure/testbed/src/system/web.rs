//! The web server in front: the storefront's built pages, and the ESB behind `/api`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::engine::tail;
use crate::process::{Bond, Identity, Launch, Process, Signal};
use crate::{http, program, shared, wait};

const PROGRAM: &str = "nginx";
const PACKAGE: &str = "nginx-light";
const READY_WITHIN: Duration = Duration::from_mins(1);
const END_WITHIN: Duration = Duration::from_secs(10);

/// The packages of Debian and Ubuntu that are missing for it; none if it can be started.
pub fn missing_packages() -> Vec<&'static str> {
    if program::find(PROGRAM).is_some() { Vec::new() } else { vec![PACKAGE] }
}

/// Its configuration, to be filled in.
pub fn template() -> PathBuf {
    shared::repository().join("infrastructure/docker/nginx.conf.template")
}

/// Where its parts are.
#[derive(Debug, Clone)]
pub struct Place {
    /// Where it listens, on the loopback.
    pub port: u16,
    /// Where the ESB does.
    pub esb: u16,
    /// The built pages.
    pub pages: PathBuf,
    /// What it writes while it runs.
    pub folder: PathBuf,
    /// Where what it says goes.
    pub log: PathBuf,
}

/// A web server that can be started and stopped.
#[derive(Debug)]
pub struct Web {
    place: Place,
    process: Mutex<Option<Process>>,
}

impl Web {
    /// One that has not been started.
    pub const fn new(place: Place) -> Self {
        Self { place, process: Mutex::new(None) }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.place.port)
    }

    /// Who it is, if it was started.
    pub fn identity(&self) -> Option<Identity> {
        self.process().map(|process| process.identity())
    }

    /// Whether its process runs.
    pub fn is_alive(&self) -> bool {
        self.process().is_some_and(|process| process.is_alive())
    }

    /// Starts it, and returns when it is ready.
    pub async fn start(&self) -> Result<()> {
        self.launch()?;
        self.ready().await
    }

    /// Starts it, unless it runs.
    pub fn launch(&self) -> Result<()> {
        if self.is_alive() {
            return Ok(());
        }
        let settings = self.write_settings()?;
        let launch = Launch::new(&program::need(PROGRAM, PACKAGE)?, &self.place.folder);
        // One process: nothing is left of it when it is killed, and it reads the pages as whoever starts it.
        let launch = launch.args(["-e", "stderr", "-g", "master_process off;", "-c"]).args([settings]);
        let started = Process::start(&launch, &self.place.log, Bond::Starter)?;
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
        Ok(())
    }

    /// Waits until it serves the pages; fails early, with the end of its log, when its process is gone.
    pub async fn ready(&self) -> Result<()> {
        let url = self.url();
        let is_settled = async || !self.is_alive() || http::is_ok(&url).await;
        wait::until("the web server is ready", READY_WITHIN, is_settled).await?;
        if !self.is_alive() {
            bail!("the web server ended at its start\n{}", tail(&self.place.log));
        }
        Ok(())
    }

    /// SIGTERM, as a platform does it.
    pub async fn stop(&self) -> Result<()> {
        match self.process() {
            Some(process) => process.stop(Signal::SIGTERM, END_WITHIN).await,
            None => Ok(()),
        }
    }

    fn write_settings(&self) -> Result<PathBuf> {
        let Place { port, esb, pages, folder, .. } = &self.place;
        let template = template();
        let text = fs::read_to_string(&template).with_context(|| format!("could not read {}", template.display()))?;
        let values = [
            ("${RUN}", shown(folder)?),
            ("${PAGES}", shown(pages)?),
            ("${LISTEN}", format!("127.0.0.1:{port}")),
            ("${ESB}", format!("127.0.0.1:{esb}")),
            // Nobody stands before it.
            ("${TRUSTED}", "255.255.255.255".to_owned()),
        ];
        let text = values.iter().fold(text, |text, (name, value)| text.replace(name, value));
        fs::create_dir_all(folder)?;
        let file = folder.join("nginx.conf");
        fs::write(&file, text).with_context(|| format!("could not write {}", file.display()))?;
        Ok(file)
    }

    fn process(&self) -> Option<Process> {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        if let Some(process) = self.process() {
            process.kill_now();
        }
    }
}

/// As it can stand in its configuration: in quotes, since folders may have spaces.
fn shown(folder: &Path) -> Result<String> {
    let text = folder.to_str().context("a folder whose name is not UTF-8")?;
    if text.contains(['"', '$', '\\', ';']) {
        bail!("{text} can't be named in a configuration of nginx");
    }
    Ok(text.to_owned())
}
