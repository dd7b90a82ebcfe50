//! A system with some things other than usual.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use super::setup::{Accounts, Ports, Setup, Stores};
use super::{Service, System};
use crate::binary::{self, Binary};
use crate::engine::{Sites, secret};
use crate::{port, shared};

const PATIENCE_MS: &str = "30000";

/// What is to be started. [`System::builder`] has one that is ready to start.
#[derive(Debug, Clone)]
pub struct Builder {
    env: Vec<(Binary, String, String)>,
    esbs: u8,
    sites: Option<Sites>,
}

impl Builder {
    pub(super) const fn new() -> Self {
        Self { env: Vec::new(), esbs: 1, sites: None }
    }

    /// With this setting for all instances of a binary.
    #[must_use]
    pub fn env(mut self, binary: Binary, key: &str, value: &str) -> Self {
        self.env.push((binary, key.to_owned(), value.to_owned()));
        self
    }

    /// With so many instances of the ESB.
    #[must_use]
    pub const fn esbs(mut self, count: u8) -> Self {
        self.esbs = count;
        self
    }

    /// On these engines, which the test may kill, instead of the shared ones.
    #[must_use]
    pub fn on(mut self, sites: &Sites) -> Self {
        self.sites = Some(sites.clone());
        self
    }

    /// Starts everything, and returns when all is ready.
    pub async fn start(self) -> Result<System> {
        let system = self.prepare().await?;
        for service in &system.services {
            service.launch()?;
        }
        for service in &system.services {
            service.ready().await?;
        }
        Ok(system)
    }

    async fn prepare(self) -> Result<System> {
        let sites = match &self.sites {
            Some(sites) => sites,
            None => &**shared::shared().await,
        };
        let ports = Ports { customer: port::free()?, order: port::free()?, payment: port::free()?, esb: port::free()? };
        let setup = Setup { accounts: Accounts::random(), stores: stores(sites).await?, ports };
        let folder = shared::folder().join("systems").join(secret());
        let mut services = Vec::new();
        for (binary, number) in self.instances() {
            let port = if number == 0 { ports.of(binary) } else { port::free()? };
            let log = folder.join(log_name(binary, number));
            let service = Service::new(binary, port, &binary::find(binary).await?, log);
            services.push(service.with(&self.settings(&setup, binary, port)));
        }
        Ok(System::new(setup, services, folder))
    }

    fn instances(&self) -> Vec<(Binary, u8)> {
        let further = (1..self.esbs).map(|number| (Binary::Esb, number));
        Binary::ALL.into_iter().map(|binary| (binary, 0)).chain(further).collect()
    }

    fn settings(&self, setup: &Setup, binary: Binary, port: u16) -> BTreeMap<String, String> {
        let mut settings = setup.settings(binary, port);
        let patience = patience(binary).iter();
        settings.extend(patience.map(|key| (format!("{}__{key}", binary.variable()), PATIENCE_MS.to_owned())));
        let own = self.env.iter().filter(|(of, ..)| *of == binary);
        settings.extend(own.map(|(_, key, value)| (key.clone(), value.clone())));
        // Who stands before a service for the ESB does so for what registers, too.
        let before = format!("ESB__SERVICES__{}", binary.variable());
        let before = self.env.iter().find(|(_, key, _)| *key == before).map(|(.., url)| url.clone());
        settings.extend(before.map(|url| (format!("{}__REGISTRY__PUBLIC_URL", binary.variable()), url)));
        settings
    }
}

/// What a binary waits for, and gives up where a machine is slow. Tests that share two cores and a disk are about what
/// happens, not about how soon; those that are about giving up say when.
const fn patience(binary: Binary) -> &'static [&'static str] {
    match binary {
        Binary::CustomerService => &["DATABASE__WAIT_MS", "DATABASE__STATEMENT_TIMEOUT_MS"],
        Binary::OrderService => &["DATABASE__CHECKOUT_TIMEOUT_MS", "DATABASE__STATEMENT_TIMEOUT_MS"],
        Binary::PaymentService => &["DATABASE__TIMEOUT_MS"],
        Binary::Esb => &["UPSTREAM__TIMEOUT_MS"],
    }
}

async fn stores(sites: &Sites) -> Result<Stores> {
    let (customer, order, esb, bus) = tokio::try_join!(
        sites.new_postgres_database("customer_service"),
        sites.new_mysql_database("order_service"),
        sites.new_postgres_database("esb"),
        sites.new_amqp_vhost("bus"),
    )?;
    let payment = sites.new_mongo_database("payment_service");
    Ok(Stores { customer, order, payment, esb, broker: bus.url, management: bus.management_url })
}

fn log_name(binary: Binary, number: u8) -> impl AsRef<Path> {
    if number == 0 { format!("{}.log", binary.name()) } else { format!("{}-{number}.log", binary.name()) }
}
