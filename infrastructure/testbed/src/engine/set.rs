//! All four engines together.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{Durability, Engine, Kind, Site};
use crate::process::{Bond, private_file};

/// Where the four engines live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sites {
    /// PostgreSQL.
    pub postgres: Site,
    /// MySQL or MariaDB.
    pub mysql: Site,
    /// MongoDB.
    pub mongodb: Site,
    /// RabbitMQ.
    pub rabbitmq: Site,
}

impl Sites {
    /// The sites below this folder, made where they are missing.
    pub async fn open(folder: &Path, durability: Durability) -> Result<Self> {
        Ok(Self {
            postgres: Site::open(folder, Kind::Postgres, durability).await?,
            mysql: Site::open(folder, Kind::Mysql, durability).await?,
            mongodb: Site::open(folder, Kind::Mongodb, durability).await?,
            rabbitmq: Site::open(folder, Kind::Rabbitmq, durability).await?,
        })
    }

    /// From a file that [`Sites::write`] wrote.
    pub fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} does not describe engines", file.display()))
    }

    /// Into a file, for other processes.
    pub fn write(&self, file: &Path) -> Result<()> {
        private_file(file, &serde_json::to_string_pretty(self)?, None)
    }
}

/// Four private engines.
#[derive(Debug)]
pub struct Engines {
    /// PostgreSQL.
    pub postgres: Engine,
    /// MySQL or MariaDB.
    pub mysql: Engine,
    /// MongoDB.
    pub mongodb: Engine,
    /// RabbitMQ.
    pub rabbitmq: Engine,
}

impl Engines {
    /// Starts four engines below this folder; they end when this process ends, or this value is dropped.
    pub async fn start(folder: &Path) -> Result<Self> {
        let engines = Self::open(&Sites::open(folder, Durability::Power).await?, Bond::Starter);
        engines.start_missing().await?;
        Ok(engines)
    }

    /// The engines of these sites, with what runs of them already.
    pub fn open(sites: &Sites, bond: Bond) -> Self {
        Self {
            postgres: Engine::open(sites.postgres.clone(), bond),
            mysql: Engine::open(sites.mysql.clone(), bond),
            mongodb: Engine::open(sites.mongodb.clone(), bond),
            rabbitmq: Engine::open(sites.rabbitmq.clone(), bond),
        }
    }

    /// Starts those that do not answer, all at once.
    pub async fn start_missing(&self) -> Result<()> {
        let [postgres, mysql, mongodb, rabbitmq] = self.all();
        tokio::try_join!(revive(postgres), revive(mysql), revive(mongodb), revive(rabbitmq))?;
        Ok(())
    }

    /// Stops them all, cleanly.
    pub async fn stop(&self) -> Result<()> {
        let [postgres, mysql, mongodb, rabbitmq] = self.all();
        tokio::try_join!(postgres.stop(), mysql.stop(), mongodb.stop(), rabbitmq.stop())?;
        Ok(())
    }

    /// Kills them all and removes their data.
    pub async fn discard(&self) -> Result<()> {
        let [postgres, mysql, mongodb, rabbitmq] = self.all();
        tokio::try_join!(postgres.discard(), mysql.discard(), mongodb.discard(), rabbitmq.discard())?;
        Ok(())
    }

    /// Each of them.
    pub fn all(&self) -> [&Engine; 4] {
        [&self.postgres, &self.mysql, &self.mongodb, &self.rabbitmq]
    }

    /// Where they live.
    pub fn sites(&self) -> Sites {
        Sites {
            postgres: self.postgres.site().clone(),
            mysql: self.mysql.site().clone(),
            mongodb: self.mongodb.site().clone(),
            rabbitmq: self.rabbitmq.site().clone(),
        }
    }
}

async fn revive(engine: &Engine) -> Result<()> {
    if engine.is_ready().await { Ok(()) } else { engine.start().await }
}
