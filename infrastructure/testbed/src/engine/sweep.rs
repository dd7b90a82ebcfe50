//! Clears away what dead test processes left on shared engines, which would otherwise grow for ever.

use std::path::Path;

use reqwest::Method;

use super::{Sites, mysql, postgres, rabbitmq};

/// What the names of throw-away databases start with.
pub(super) const MARK: &str = "tmp_";

impl Sites {
    /// Drops the databases and virtual hosts whose makers are gone. What can't be dropped now is dropped by a later one.
    pub(crate) async fn sweep(&self) {
        let databases = postgres::run(&self.postgres, "SELECT datname FROM pg_database").await.unwrap_or_default();
        for name in orphans(&databases) {
            postgres::run(&self.postgres, &format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#)).await.ok();
        }
        let databases = mysql::run(&self.mysql, "SHOW DATABASES").await.unwrap_or_default();
        for name in orphans(&databases) {
            mysql::run(&self.mysql, &format!("DROP DATABASE IF EXISTS `{name}`")).await.ok();
        }
        for name in orphans(&self.vhosts().await) {
            rabbitmq::call(&self.rabbitmq, Method::DELETE, &format!("vhosts/{name}"), None).await.ok();
        }
    }

    async fn vhosts(&self) -> String {
        let found = rabbitmq::call(&self.rabbitmq, Method::GET, "vhosts?columns=name", None).await.unwrap_or_default();
        let names = found.as_array().into_iter().flatten();
        names.filter_map(|vhost| vhost.get("name")?.as_str()).collect::<Vec<_>>().join("\n")
    }
}

fn orphans(names: &str) -> Vec<&str> {
    names.lines().filter(|name| maker(name).is_some_and(|pid| !Path::new("/proc").join(pid).exists())).collect()
}

fn maker(name: &str) -> Option<&str> {
    name.strip_prefix(MARK)?.split('_').next()
}
