//! The supervisor: the parent of everything that `up` starts. It restarts what dies, and ends all of it on SIGTERM.

mod backoff;
mod desk;
mod keep;
mod part;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use testbed::binary::{Profile, folder};
use testbed::engine::{Durability, Engine, Kind, Site, Sites};
use testbed::lock::Lock;
use testbed::process::{Bond, Identity};
use testbed::system::{Service, Setup};
use testbed::web::Place;
use testbed::{Binary, Web, port};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::desk::Desk;
use self::part::Part;
pub(crate) use self::part::{WEB, built_now};
use crate::frontend;
use crate::local::{self, Installation};

/// Where people expect the storefront.
const WEB_PORT: u16 = 3000;
const LOG_MAX_BYTES: u64 = 10 * 1024 * 1024;

/// Runs until it is told to end.
pub(crate) async fn run(profile: Profile) -> Result<ExitCode> {
    // Away from the terminal: it may be closed.
    nix::unistd::setsid().ok();
    let _lock = Lock::try_take(&local::lock())?.context("another supervisor runs already")?;
    let sites = open_sites().await?;
    let installation = Installation::open()?;
    let setup = Setup { accounts: installation.accounts, stores: local::stores(&sites), ports: local::ports()? };
    let mut parts = parts(&sites, &setup, profile)?;
    let web = web(&setup)?;
    let mut env = setup.env();
    env.insert("STOREFRONT_URL".to_owned(), web.url());
    parts.push(Part::Web(web));
    let own = Identity::of(i32::try_from(std::process::id())?);
    let desk = Arc::new(Desk::new(own, env, &parts));
    let (end, ended) = watch::channel(false);
    let mut keepers = JoinSet::new();
    for part in parts {
        keepers.spawn(keep::keep(part, Arc::clone(&desk), ended.clone()));
    }
    told_to_end().await?;
    end.send(true).ok();
    while keepers.join_next().await.is_some() {}
    Ok(ExitCode::SUCCESS)
}

async fn told_to_end() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

async fn open_sites() -> Result<Sites> {
    let sites = Sites::open(&local::engines(), Durability::Power).await?;
    Ok(Sites {
        postgres: settled(sites.postgres).await?,
        mysql: settled(sites.mysql).await?,
        mongodb: settled(sites.mongodb).await?,
        rabbitmq: settled(sites.rabbitmq).await?,
    })
}

/// Ends what an earlier supervisor may have left, and looks for other ports where somebody took them.
async fn settled(site: Site) -> Result<Site> {
    let left = Engine::open(site.clone(), Bond::Starter);
    left.kill9().await?;
    left.stop().await?;
    site.at_free_ports()
}

fn parts(sites: &Sites, setup: &Setup, profile: Profile) -> Result<Vec<Part>> {
    let programs = folder(profile)?;
    let sites = Arc::new(sites.clone());
    let engines = [&sites.postgres, &sites.mysql, &sites.mongodb, &sites.rabbitmq];
    let mut parts: Vec<_> = engines
        .into_iter()
        .map(|site| {
            let log = site.log(site.kind.name());
            rotate(&log);
            show(&log, &local::log(site.kind.name()));
            Part::Engine(Engine::open(site.clone(), Bond::Starter))
        })
        .collect();
    parts.extend(Binary::ALL.map(|binary| {
        let (port, log) = (setup.ports.of(binary), local::log(binary.name()));
        rotate(&log);
        let service = Service::new(binary, port, &programs.join(binary.name()), log);
        Part::Service(service.with(&setup.settings(binary, port)), Arc::clone(&sites))
    }));
    Ok(parts)
}

fn web(setup: &Setup) -> Result<Web> {
    let log = local::log("storefront");
    rotate(&log);
    let (port, folder) = (port::at_or_after(WEB_PORT)?, local::folder().join("web"));
    Ok(Web::new(Place { port, esb: setup.ports.esb, pages: frontend::pages(), folder, log }))
}

/// An engine's log is beside its data, which may be far away.
fn show(log: &Path, at: &Path) {
    fs::remove_file(at).ok();
    std::os::unix::fs::symlink(log, at).ok();
}

/// One old log is kept.
fn rotate(log: &Path) {
    if fs::metadata(log).is_ok_and(|found| found.len() > LOG_MAX_BYTES) {
        fs::rename(log, log.with_extension("log.1")).ok();
    }
}

/// What must be up before a binary is started for the first time.
pub(crate) const fn needs(binary: Binary) -> &'static [Kind] {
    match binary {
        Binary::CustomerService => &[Kind::Postgres],
        Binary::OrderService => &[Kind::Mysql],
        Binary::PaymentService => &[Kind::Mongodb],
        Binary::Esb => &[Kind::Postgres, Kind::Rabbitmq],
    }
}
