//! The engines that all tests of a run share. Each test has databases of its own on them.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use tokio::sync::OnceCell;

use crate::engine::{Durability, Engine, Engines, Site, Sites, Vhost};
use crate::lock::Lock;
use crate::process::Bond;

/// The file that says where the engines are, for tests that a runner started.
pub const ENV: &str = "TESTBED_ENV";
const START_WITHIN: Duration = Duration::from_mins(5);

/// The shared engines.
#[derive(Debug)]
pub struct Shared(Sites);

/// The engines of this run: those that a runner started, else those under `.local/test`, started if need be.
///
/// Whatever is wrong with them ends the test, with the reason.
pub async fn shared() -> &'static Shared {
    static SHARED: OnceCell<Shared> = OnceCell::const_new();
    SHARED.get_or_init(async || Shared(expect(find().await))).await
}

impl Shared {
    /// The URL of a new, empty PostgreSQL database.
    pub async fn postgres_database(&self, prefix: &str) -> String {
        expect(self.new_postgres_database(prefix).await)
    }

    /// The URL of a new, empty MySQL database.
    pub async fn mysql_database(&self, prefix: &str) -> String {
        expect(self.new_mysql_database(prefix).await)
    }

    /// The URL of a new MongoDB database.
    #[expect(clippy::unused_async, reason = "asked for like the others")]
    pub async fn mongo_database(&self, prefix: &str) -> String {
        self.new_mongo_database(prefix)
    }

    /// A new virtual host of RabbitMQ.
    pub async fn amqp_vhost(&self, prefix: &str) -> Vhost {
        expect(self.new_amqp_vhost(prefix).await)
    }
}

impl Deref for Shared {
    type Target = Sites;

    fn deref(&self) -> &Sites {
        &self.0
    }
}

/// The folder of the repository.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Where the shared engines live.
pub fn folder() -> PathBuf {
    repository().join(".local/test")
}

async fn find() -> Result<Sites> {
    let sites = match std::env::var_os(ENV) {
        Some(file) => Sites::read(Path::new(&file))?,
        None => start(&folder()).await?,
    };
    // Often enough to keep the engines small, and seldom enough not to be felt.
    if std::process::id().is_multiple_of(16) {
        sites.sweep().await;
    }
    Ok(sites)
}

/// Starts what is missing of the engines below this folder, once, however many processes ask for it; they outlive us.
pub async fn start(folder: &Path) -> Result<Sites> {
    let _lock = Lock::take(&folder.join("lock"), START_WITHIN).await?;
    let sites = Sites::open(folder, Durability::Process).await?;
    Engines::open(&sites, Bond::Nobody).start_missing().await?;
    Ok(sites)
}

/// Ends whatever runs of the engines below this folder, and removes their data.
pub async fn discard(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let _lock = Lock::take(&folder.join("lock"), START_WITHIN).await?;
    for site in Site::all_in(folder)? {
        Engine::open(site, Bond::Nobody).discard().await?;
    }
    Ok(())
}

/// In a test there is nobody who could do anything about it.
pub(crate) fn expect<T>(result: Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("the testbed failed: {error:#}"))
}
