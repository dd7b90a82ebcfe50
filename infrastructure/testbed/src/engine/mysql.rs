//! MySQL, or MariaDB where there is no MySQL.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::kind::Choice;
use super::site::{Durability, Site, USER};
use crate::process::{Launch, private_file, private_folder};
use crate::program;

pub(super) fn missing_packages() -> Vec<&'static str> {
    let server = program::find("mysqld").or_else(|| program::find("mariadbd"));
    if server.is_some() && client().is_some() { Vec::new() } else { vec!["mariadb-server"] }
}

pub(super) async fn choose() -> Result<Choice> {
    let program = program::find("mysqld").or_else(|| program::find("mariadbd"));
    let program =
        program.context("neither MySQL nor MariaDB is installed: `apt-get install mariadb-server` brings it")?;
    // MariaDB's packages bring a `mysqld`, too.
    let version = Launch::new(&program, Path::new("/")).args(["--version"]).run().await?;
    let name = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
    let number = version.split_whitespace().skip_while(|word| *word != "Ver").nth(1).unwrap_or_default();
    let number = number.split('-').next().unwrap_or_default();
    Ok(Choice { product: format!("{name} {number}"), program })
}

pub(super) async fn initialise(site: &Site) -> Result<()> {
    let account = site.kind.account()?;
    let data = format!("--datadir={}", site.data().display());
    private_file(&accounts(site), &accounts_sql(site), account.as_ref())?;
    private_folder(&temporary(site), account.as_ref())?;
    let launch = if is_mariadb(site) {
        let install = program::find("mariadb-install-db").or_else(|| program::find("mysql_install_db"));
        let install = install.context("`mariadb-install-db` is missing: `apt-get install mariadb-server` brings it")?;
        let args = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"];
        Launch::new(&install, &site.folder).args(args)
    } else {
        Launch::new(&site.program, &site.folder).args(["--no-defaults", "--initialize-insecure"])
    };
    launch.args([data, temporary_argument(site)]).run_as(account).run().await?;
    Ok(())
}

/// One of its own: an engine that starts removes what it takes for left-overs, which may be another's.
fn temporary(site: &Site) -> PathBuf {
    site.folder.join("tmp")
}

fn temporary_argument(site: &Site) -> String {
    format!("--tmpdir={}", temporary(site).display())
}

pub(super) fn launch(site: &Site) -> Result<Launch> {
    let mut args = vec![
        "--no-defaults".to_owned(),
        format!("--datadir={}", site.data().display()),
        format!("--port={}", site.port),
        format!("--init-file={}", accounts(site).display()),
        // Relative to the data folder: a full path could be too long for a socket.
        "--socket=mysqld.sock".to_owned(),
        temporary_argument(site),
        "--pid-file=mysqld.pid".to_owned(),
    ];
    let settings = [
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--innodb-buffer-pool-size=256M",
        "--max-connections=500",
        "--transaction-isolation=READ-COMMITTED",
        "--skip-log-bin",
    ];
    args.extend(settings.map(str::to_owned));
    args.push(collation(site).to_owned());
    if !is_mariadb(site) {
        args.push("--mysqlx=OFF".to_owned());
    }
    if site.durability == Durability::Process {
        args.push("--innodb-flush-log-at-trx-commit=2".to_owned());
    }
    let account = site.kind.account()?;
    // Engines that were made before they had one get it now.
    private_folder(&temporary(site), account.as_ref())?;
    Ok(Launch::new(&site.program, &site.folder).args(args).run_as(account))
}

pub(super) async fn answers(site: &Site) -> bool {
    site.listens() && run(site, "SELECT 1").await.is_ok()
}

/// Runs statements and gives back what they printed.
pub(super) async fn run(site: &Site, statements: &str) -> Result<String> {
    let client = client().context("no `mysql` client: `apt-get install mariadb-client` brings it")?;
    let launch = Launch::new(&client, &site.folder).env("MYSQL_PWD", &site.password);
    let launch = launch.args(["--no-defaults", "--host=127.0.0.1", "--connect-timeout=5", "--batch"]);
    let launch = launch.args(["--skip-column-names".to_owned(), format!("--user={USER}")]);
    launch.args([format!("--port={}", site.port), format!("--execute={statements}")]).run().await
}

fn client() -> Option<PathBuf> {
    program::find("mariadb").or_else(|| program::find("mysql"))
}

fn is_mariadb(site: &Site) -> bool {
    site.product.starts_with("MariaDB")
}

fn collation(site: &Site) -> &'static str {
    if is_mariadb(site) { "--collation-server=utf8mb4_bin" } else { "--collation-server=utf8mb4_0900_bin" }
}

fn accounts(site: &Site) -> PathBuf {
    site.folder.join("accounts.sql")
}

/// Run at every start, before any client can connect. One statement a line: the format allows no more.
fn accounts_sql(site: &Site) -> String {
    let password = &site.password;
    [
        format!("ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';"),
        format!("CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{password}';"),
        format!("GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'127.0.0.1' WITH GRANT OPTION;"),
    ]
    .join("\n")
}
