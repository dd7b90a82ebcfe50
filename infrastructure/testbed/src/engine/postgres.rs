//! PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::kind::Choice;
use super::site::{Durability, Site, USER};
use crate::process::{Launch, private_file};
use crate::program;

pub(super) fn missing_packages() -> Vec<&'static str> {
    let found = program::find_postgres("postgres").is_some() && program::find_postgres("psql").is_some();
    if found { Vec::new() } else { vec!["postgresql"] }
}

pub(super) fn choose() -> Result<Choice> {
    let program = program::find_postgres("postgres");
    let program = program.context("PostgreSQL is not installed: `apt-get install postgresql` brings it")?;
    let version = program.ancestors().nth(2).and_then(Path::file_name).and_then(|name| name.to_str());
    Ok(Choice { product: format!("PostgreSQL {}", version.unwrap_or_default()).trim_end().to_owned(), program })
}

pub(super) async fn initialise(site: &Site) -> Result<()> {
    let account = site.kind.account()?;
    let password = site.folder.join("password");
    private_file(&password, &site.password, account.as_ref())?;
    let args = ["-U", USER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
    let initdb = Launch::new(&beside(site, "initdb"), &site.folder).run_as(account).args(args);
    initdb.args([format!("--pwfile={}", password.display()), format!("-D{}", site.data().display())]).run().await?;
    fs::remove_file(password)?;
    Ok(())
}

pub(super) fn launch(site: &Site) -> Result<Launch> {
    let mut settings = vec![
        "listen_addresses=127.0.0.1",
        // A path below a deep folder would be too long for a socket.
        "unix_socket_directories=",
        "max_connections=400",
        "shared_buffers=128MB",
        "log_line_prefix=%m [%p] ",
    ];
    if site.durability == Durability::Process {
        settings.extend(["fsync=off", "full_page_writes=off"]);
    }
    let launch = Launch::new(&site.program, &site.folder).run_as(site.kind.account()?);
    let launch = launch.args([format!("-D{}", site.data().display()), format!("-p{}", site.port)]);
    Ok(launch.args(settings.into_iter().flat_map(|setting| ["-c", setting])))
}

pub(super) async fn answers(site: &Site) -> bool {
    site.listens() && run(site, "SELECT 1").await.is_ok()
}

/// Runs one statement, outside of any transaction, and gives back what it printed.
pub(super) async fn run(site: &Site, statement: &str) -> Result<String> {
    let psql = Launch::new(&beside(site, "psql"), &site.folder).env("PGPASSWORD", &site.password);
    let psql = psql.env("PGCONNECT_TIMEOUT", "5").args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
    psql.args(["-d".to_owned(), site.url("postgres"), "-c".to_owned(), statement.to_owned()]).run().await
}

/// `CREATE DATABASE`, in the way that is fastest on this version for a small template.
pub(super) fn create(site: &Site, name: &str) -> String {
    let version: u32 = site.product.rsplit(' ').next().and_then(|version| version.parse().ok()).unwrap_or_default();
    let strategy = if version >= 15 { " STRATEGY = WAL_LOG" } else { "" };
    format!(r#"CREATE DATABASE "{name}" TEMPLATE template0{strategy}"#)
}

fn beside(site: &Site, name: &str) -> PathBuf {
    let own = site.program.with_file_name(name);
    if own.is_file() { own } else { program::find_postgres(name).unwrap_or(own) }
}
