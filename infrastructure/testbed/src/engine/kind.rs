//! The four engines, and what differs between them.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{Site, mongo, mysql, postgres, rabbitmq};
use crate::process::{Account, Launch, Signal};

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// PostgreSQL, for customer-service and the ESB.
    Postgres,
    /// MySQL, or MariaDB where there is no MySQL, for order-service.
    Mysql,
    /// MongoDB, or what speaks its protocol, for payment-service.
    Mongodb,
    /// RabbitMQ, for the ESB.
    Rabbitmq,
}

/// What an engine is on this machine.
pub(super) struct Choice {
    pub(super) program: PathBuf,
    /// Its name, for people.
    pub(super) product: String,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Postgres, Self::Mysql, Self::Mongodb, Self::Rabbitmq];

    /// Its name in file names, logs and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mongodb => "mongodb",
            Self::Rabbitmq => "rabbitmq",
        }
    }

    /// The packages of Debian and Ubuntu that are missing for it; none if it can be started.
    pub fn missing_packages(self) -> Vec<&'static str> {
        match self {
            Self::Postgres => postgres::missing_packages(),
            Self::Mysql => mysql::missing_packages(),
            Self::Mongodb => mongo::missing_packages(),
            Self::Rabbitmq => rabbitmq::missing_packages(),
        }
    }

    pub(super) async fn choose(self) -> Result<Choice> {
        match self {
            Self::Postgres => postgres::choose(),
            Self::Mysql => mysql::choose().await,
            Self::Mongodb => mongo::choose().await,
            Self::Rabbitmq => rabbitmq::choose(),
        }
    }

    pub(super) fn account(self) -> Result<Option<Account>> {
        match self {
            Self::Postgres => Account::of_package("postgres"),
            Self::Mysql => Account::of_package("mysql"),
            Self::Mongodb => Ok(None),
            Self::Rabbitmq => Account::of_package("rabbitmq"),
        }
    }

    /// What makes the data folder; it runs once.
    pub(super) async fn initialise(self, site: &Site) -> Result<()> {
        match self {
            Self::Postgres => postgres::initialise(site).await,
            Self::Mysql => mysql::initialise(site).await,
            Self::Mongodb => mongo::initialise(site),
            Self::Rabbitmq => rabbitmq::initialise(site),
        }
    }

    /// What to start, the engine itself last.
    pub(super) fn launches(self, site: &Site) -> Result<Vec<(String, Launch)>> {
        let name = self.name().to_owned();
        match self {
            Self::Postgres => Ok(vec![(name, postgres::launch(site)?)]),
            Self::Mysql => Ok(vec![(name, mysql::launch(site)?)]),
            Self::Mongodb => Ok(vec![(name, mongo::launch(site))]),
            Self::Rabbitmq => Ok(vec![("epmd".to_owned(), rabbitmq::names(site)?), (name, rabbitmq::launch(site)?)]),
        }
    }

    /// Whether it answers a client.
    pub(super) async fn answers(self, site: &Site) -> bool {
        match self {
            Self::Postgres => postgres::answers(site).await,
            Self::Mysql => mysql::answers(site).await,
            Self::Mongodb => mongo::answers(site).await,
            Self::Rabbitmq => rabbitmq::answers(site).await,
        }
    }

    /// The signal that ends it without waiting for its clients, and how long that may take.
    pub(super) const fn farewell(self) -> (Signal, Duration) {
        match self {
            Self::Postgres => (Signal::SIGINT, Duration::from_secs(20)),
            Self::Mysql => (Signal::SIGTERM, Duration::from_secs(30)),
            Self::Mongodb => (Signal::SIGTERM, Duration::from_secs(10)),
            Self::Rabbitmq => (Signal::SIGTERM, Duration::from_secs(40)),
        }
    }
}
