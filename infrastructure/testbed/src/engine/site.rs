//! Where a private engine lives: its folder, ports and password. Kept in a file, so that a restart finds the same.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rand::Rng;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::port;
use crate::process::{private_file, private_folder, reachable};

/// What an engine must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Durability {
    /// The loss of power: every commit waits for the disk.
    Power,
    /// The death of the process: every commit reaches the kernel. Faster; for tests.
    Process,
}

/// The user that every engine has.
pub const USER: &str = "app";

/// The ports at which people expect RabbitMQ.
const AMQP: u16 = 5672;
const MANAGEMENT: u16 = 15672;

/// Where one engine lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Which engine.
    pub kind: Kind,
    /// Its product, as people call it: `MariaDB 10.11`.
    pub product: String,
    /// The program that runs it.
    pub program: PathBuf,
    /// Its own folder.
    pub folder: PathBuf,
    /// Where it listens, on the loopback.
    pub port: u16,
    /// RabbitMQ's further ports.
    pub broker: Option<BrokerPorts>,
    /// The password of [`USER`].
    pub password: String,
    /// What it must survive.
    pub durability: Durability,
}

/// The ports of RabbitMQ beside the one for AMQP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokerPorts {
    /// The management API, over HTTP.
    pub management: u16,
    pub(super) distribution: u16,
    pub(super) names: u16,
}

impl Site {
    /// The site of an engine below this folder; made at the first call, found at the next ones.
    pub async fn open(folder: &Path, kind: Kind, durability: Durability) -> Result<Self> {
        let root = reachable(folder)?;
        let file = root.join(format!("{}.json", kind.name()));
        if let Ok(text) = fs::read_to_string(&file) {
            return serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()));
        }
        let site = Self::make(&root, kind, durability).await?;
        private_file(&file, &serde_json::to_string_pretty(&site)?, None)?;
        Ok(site)
    }

    /// The sites that were made below this folder, whether they run or not.
    pub fn all_in(folder: &Path) -> Result<Vec<Self>> {
        let root = reachable(folder)?;
        let files = Kind::ALL.map(|kind| fs::read_to_string(root.join(format!("{}.json", kind.name()))));
        files.iter().flatten().map(|text| serde_json::from_str(text).context("a site is damaged")).collect()
    }

    /// The same site at other ports where somebody else has taken its own meanwhile.
    pub fn at_free_ports(mut self) -> Result<Self> {
        let port_or_next = |port: u16| if port::is_free(port) { Ok(port) } else { port::at_or_after(port) };
        let is_well_known = self.kind == Kind::Rabbitmq && self.durability == Durability::Power;
        self.port = port_or_next(if is_well_known { AMQP } else { self.port })?;
        if let Some(ports) = &mut self.broker {
            ports.management = port_or_next(if is_well_known { MANAGEMENT } else { ports.management })?;
            ports.distribution = port_or_next(ports.distribution)?;
            ports.names = port_or_next(ports.names)?;
        }
        private_file(&self.folder.with_extension("json"), &serde_json::to_string_pretty(&self)?, None)?;
        Ok(self)
    }

    async fn make(root: &Path, kind: Kind, durability: Durability) -> Result<Self> {
        let choice = kind.choose().await?;
        // Production-like installations keep the ports that people know; tests take any.
        let at = |wish| if durability == Durability::Power { port::at_or_after(wish) } else { port::free() };
        let (port, broker) = match kind {
            Kind::Rabbitmq => {
                let (port, management) = (at(AMQP)?, at(MANAGEMENT)?);
                let (distribution, names) = (port::free()?, port::free()?);
                (port, Some(BrokerPorts { management, distribution, names }))
            }
            Kind::Postgres | Kind::Mysql | Kind::Mongodb => (port::free()?, None),
        };
        let folder = root.join(kind.name());
        let (program, product) = (choice.program, choice.product);
        Ok(Self { kind, product, program, folder, port, broker, password: secret(), durability })
    }

    /// Makes the data folder unless it was made before; a half-made one is made anew.
    pub(super) async fn prepare(&self) -> Result<()> {
        let account = self.kind.account()?;
        let done = self.folder.join("initialised");
        if done.exists() {
            return Ok(());
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).with_context(|| format!("could not empty {}", self.folder.display()))?;
        }
        private_folder(&self.folder, account.as_ref())?;
        self.kind.initialise(self).await.with_context(|| format!("could not initialise {}", self.product))?;
        private_file(&done, "", account.as_ref())
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Whether its port is open: cheap to ask before anything dearer.
    pub(super) fn listens(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    /// The log of a process of this engine.
    pub fn log(&self, name: &str) -> PathBuf {
        self.folder.with_file_name("log").join(format!("{name}.log"))
    }

    /// Where what runs is written down.
    pub(super) fn running(&self) -> PathBuf {
        self.folder.with_extension("running")
    }

    /// Where to connect to, for this database or virtual host.
    pub fn url(&self, name: &str) -> String {
        let Self { port, password, .. } = self;
        match self.kind {
            Kind::Postgres => format!("postgres://{USER}:{password}@127.0.0.1:{port}/{name}"),
            Kind::Mysql => format!("mysql://{USER}:{password}@127.0.0.1:{port}/{name}"),
            Kind::Mongodb => format!("mongodb://127.0.0.1:{port}/{name}?directConnection=true"),
            Kind::Rabbitmq => format!("amqp://{USER}:{password}@127.0.0.1:{port}/{name}"),
        }
    }

    /// The management API of RabbitMQ, with its credentials; empty for the others.
    pub fn management_url(&self) -> String {
        let port = self.broker.map(|ports| ports.management);
        port.map_or_else(String::new, |port| format!("http://{USER}:{}@127.0.0.1:{port}", self.password))
    }
}

/// A new secret: 24 letters and digits, about 142 bits.
pub fn secret() -> String {
    rand::rng().sample_iter(Alphanumeric).take(24).map(char::from).collect()
}
