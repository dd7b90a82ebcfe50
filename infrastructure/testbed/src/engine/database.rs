//! New databases and virtual hosts, each with a name that nobody else has.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::json;

use super::site::USER;
use super::{Sites, mysql, postgres, rabbitmq, secret, sweep};

/// A virtual host of RabbitMQ.
#[derive(Debug, Clone)]
pub struct Vhost {
    /// Where to connect to.
    pub url: String,
    /// The management API, with its credentials: `GET {management_url}/api/queues/{name}`.
    pub management_url: String,
    /// Its name.
    pub name: String,
}

impl Sites {
    /// A new, empty PostgreSQL database.
    pub async fn new_postgres_database(&self, prefix: &str) -> Result<String> {
        let name = unique(prefix);
        let made = postgres::run(&self.postgres, &postgres::create(&self.postgres, &name)).await;
        made.context("could not make a PostgreSQL database")?;
        Ok(self.postgres.url(&name))
    }

    /// A new, empty MySQL database.
    pub async fn new_mysql_database(&self, prefix: &str) -> Result<String> {
        let name = unique(prefix);
        let made = mysql::run(&self.mysql, &format!("CREATE DATABASE `{name}`")).await;
        made.with_context(|| format!("could not make a {} database", self.mysql.product))?;
        Ok(self.mysql.url(&name))
    }

    /// A new MongoDB database; it comes into being with its first document.
    pub fn new_mongo_database(&self, prefix: &str) -> String {
        self.mongodb.url(&unique(prefix))
    }

    /// A new virtual host.
    pub async fn new_amqp_vhost(&self, prefix: &str) -> Result<Vhost> {
        let name = unique(prefix);
        self.make_vhost(&name).await?;
        Ok(Vhost { url: self.rabbitmq.url(&name), management_url: self.rabbitmq.management_url(), name })
    }

    async fn make_vhost(&self, name: &str) -> Result<()> {
        rabbitmq::call(&self.rabbitmq, Method::PUT, &format!("vhosts/{name}"), None).await?;
        let all = json!({"configure": ".*", "write": ".*", "read": ".*"});
        rabbitmq::call(&self.rabbitmq, Method::PUT, &format!("permissions/{name}/{USER}"), Some(all)).await?;
        Ok(())
    }

    /// A PostgreSQL database with this very name, made if it is not there.
    pub async fn postgres_database_named(&self, name: &str) -> Result<String> {
        let found = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
        if postgres::run(&self.postgres, &found).await?.trim().is_empty() {
            postgres::run(&self.postgres, &postgres::create(&self.postgres, name)).await?;
        }
        Ok(self.postgres.url(name))
    }

    /// A MySQL database with this very name, made if it is not there.
    pub async fn mysql_database_named(&self, name: &str) -> Result<String> {
        mysql::run(&self.mysql, &format!("CREATE DATABASE IF NOT EXISTS `{name}`")).await?;
        Ok(self.mysql.url(name))
    }
}

/// The name says which process made it, so that others can clear it away when that one is gone.
fn unique(prefix: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let prefix: String = prefix.chars().take(24).map(plain).collect();
    let random: String = secret().to_ascii_lowercase().chars().take(10).collect();
    format!("{}{}_{random}_{prefix}", sweep::MARK, std::process::id())
}
