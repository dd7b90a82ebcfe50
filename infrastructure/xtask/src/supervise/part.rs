//! An engine, one of our binaries, or the web server: what the supervisor starts and stops.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use testbed::engine::{Engine, Sites};
use testbed::process::Identity;
use testbed::system::Service;
use testbed::{Binary, Web, binary, web};

use crate::local::{State, Unit, now};

/// One supervised process.
#[derive(Debug)]
pub(crate) enum Part {
    Engine(Engine),
    Service(Service, Arc<Sites>),
    Web(Web),
}

/// The web server, by what people see there.
pub(crate) const WEB: &str = "storefront";

impl Part {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Engine(engine) => engine.site().kind.name(),
            Self::Service(service, _) => service.binary.name(),
            Self::Web(_) => WEB,
        }
    }

    /// The names of those that must be up before its first start.
    pub(super) fn needs(&self) -> Vec<&'static str> {
        match self {
            Self::Engine(_) => Vec::new(),
            Self::Service(service, _) => super::needs(service.binary).iter().map(|kind| kind.name()).collect(),
            Self::Web(_) => vec![Binary::Esb.name()],
        }
    }

    /// Starts it; it need not be ready yet.
    pub(super) async fn launch(&self) -> Result<()> {
        match self {
            Self::Engine(engine) => engine.launch().await,
            Self::Service(service, sites) => {
                make_database(service.binary, sites).await?;
                service.launch()
            }
            Self::Web(web) => web.launch(),
        }
    }

    pub(super) async fn ready(&self) -> Result<()> {
        match self {
            Self::Engine(engine) => engine.ready().await,
            Self::Service(service, _) => service.ready().await,
            Self::Web(web) => web.ready().await,
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        match self {
            Self::Engine(engine) => engine.is_alive(),
            Self::Service(service, _) => service.is_alive(),
            Self::Web(web) => web.is_alive(),
        }
    }

    pub(super) fn identity(&self) -> Option<Identity> {
        match self {
            Self::Engine(engine) => engine.identity(),
            Self::Service(service, _) => service.identity(),
            Self::Web(web) => web.identity(),
        }
    }

    pub(super) async fn stop(&self) -> Result<()> {
        match self {
            Self::Engine(engine) => engine.stop().await,
            Self::Service(service, _) => service.stop().await,
            Self::Web(web) => web.stop().await,
        }
    }

    /// When its program was built; the engines' do not change.
    pub(super) fn built(&self) -> Option<u128> {
        match self {
            Self::Engine(_) => None,
            Self::Service(service, _) => built(service.program()),
            Self::Web(_) => built(&web::template()),
        }
    }

    pub(super) fn unit(&self) -> Unit {
        let (product, address) = match self {
            Self::Engine(engine) => (engine.site().product.clone(), format!("127.0.0.1:{}", engine.site().port)),
            Self::Service(service, _) => (service.binary.name().to_owned(), service.url()),
            Self::Web(web) => (WEB.to_owned(), web.url()),
        };
        let name = self.name().to_owned();
        let (state, since) = (State::Waiting, now());
        Unit { name, product, address, state, identity: None, restarts: 0, since, trouble: None, built: None }
    }
}

async fn make_database(binary: Binary, sites: &Sites) -> Result<()> {
    match binary {
        Binary::CustomerService => sites.postgres_database_named("customer_service").await.map(drop),
        Binary::OrderService => sites.mysql_database_named("order_service").await.map(drop),
        Binary::Esb => sites.postgres_database_named("esb").await.map(drop),
        // MongoDB makes a database with its first document.
        Binary::PaymentService => Ok(()),
    }
}

/// When a file was written, in milliseconds since 1970.
fn built(file: &Path) -> Option<u128> {
    let written = fs::metadata(file).ok()?.modified().ok()?;
    written.duration_since(SystemTime::UNIX_EPOCH).ok().as_ref().map(Duration::as_millis)
}

/// When the program of a part was built, or its configuration written, as of now; engines have none.
pub(crate) fn built_now(name: &str, profile: binary::Profile) -> Option<u128> {
    if name == WEB {
        return built(&web::template());
    }
    let binary = Binary::ALL.into_iter().find(|binary| binary.name() == name)?;
    built(&binary::folder(profile).ok()?.join(binary.name()))
}
