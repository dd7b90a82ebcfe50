//! The whole product, for one test: the four binaries on free ports, each with a database of its own.

mod builder;
mod service;
mod setup;
pub mod web;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use self::builder::Builder;
pub use self::service::Service;
pub use self::setup::{Accounts, Client, Operator, Ports, Setup, Stores};
use crate::binary::Binary;

/// One of the running binaries: the ESB may run more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance {
    /// Which binary.
    pub binary: Binary,
    /// Which of its instances; the first is 0.
    pub number: usize,
}

impl From<Binary> for Instance {
    fn from(binary: Binary) -> Self {
        Self { binary, number: 0 }
    }
}

impl From<(Binary, usize)> for Instance {
    fn from((binary, number): (Binary, usize)) -> Self {
        Self { binary, number }
    }
}

/// The four binaries, which end with this value.
#[derive(Debug)]
pub struct System {
    /// The first ESB.
    pub esb_url: String,
    /// All ESBs, the first one first.
    pub esb_urls: Vec<String>,
    /// The first operator.
    pub operator: Operator,
    /// A machine client with all scopes.
    pub client: Client,
    setup: Setup,
    services: Vec<Service>,
    folder: PathBuf,
}

impl System {
    /// Starts all four, on the shared engines; returns when all are ready.
    pub async fn start() -> Result<Self> {
        Builder::new().start().await
    }

    /// For a system with settings of its own, several ESBs, or engines of its own.
    pub const fn builder() -> Builder {
        Builder::new()
    }

    fn new(setup: Setup, services: Vec<Service>, folder: PathBuf) -> Self {
        let esbs = services.iter().filter(|service| service.binary == Binary::Esb);
        Self {
            esb_url: setup.url(Binary::Esb),
            esb_urls: esbs.map(Service::url).collect(),
            operator: setup.accounts.operator.clone(),
            client: setup.accounts.client.clone(),
            setup,
            services,
            folder,
        }
    }

    /// Addresses and credentials under the names of `.local/env`.
    pub fn env(&self) -> BTreeMap<String, String> {
        self.setup.env()
    }

    /// One of the binaries.
    pub fn service(&self, which: impl Into<Instance>) -> Result<&Service> {
        let Instance { binary, number } = which.into();
        let mut instances = self.services.iter().filter(|service| service.binary == binary);
        instances.nth(number).with_context(|| format!("there is no {} number {number}", binary.name()))
    }

    /// SIGKILL; returns when nothing of it is left.
    pub async fn kill(&self, which: impl Into<Instance>) -> Result<()> {
        self.service(which)?.kill9().await
    }

    /// SIGTERM; returns when it has ended.
    pub async fn stop(&self, which: impl Into<Instance>) -> Result<()> {
        self.service(which)?.stop().await
    }

    /// Starts it again, at the same port and on the same data; returns when it is ready.
    pub async fn start_again(&self, which: impl Into<Instance>) -> Result<()> {
        self.service(which)?.start().await
    }

    /// Freezes it.
    pub fn pause(&self, which: impl Into<Instance>) -> Result<()> {
        self.service(which).map(Service::pause)
    }

    /// Lets it go on.
    pub fn resume(&self, which: impl Into<Instance>) -> Result<()> {
        self.service(which).map(Service::resume)
    }

    /// The file with everything that it said.
    pub fn log(&self, which: impl Into<Instance>) -> Result<&Path> {
        Ok(&self.service(which)?.log)
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.services.clear();
        // Whoever looks for the reason of a failure wants the logs.
        if !std::thread::panicking() {
            fs::remove_dir_all(&self.folder).ok();
        }
    }
}
