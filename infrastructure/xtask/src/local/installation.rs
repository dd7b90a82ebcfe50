//! What an installation keeps for good, and where its parts are.

use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use testbed::Binary;
use testbed::engine::Sites;
use testbed::port;
use testbed::process::private_file;
use testbed::system::{Accounts, Ports, Stores};

/// Made once, then found again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Installation {
    pub(crate) accounts: Accounts,
}

impl Installation {
    /// The one of this repository.
    pub(crate) fn open() -> Result<Self> {
        let file = super::folder().join("installation.json");
        if let Ok(text) = fs::read_to_string(&file) {
            return serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()));
        }
        let installation = Self { accounts: Accounts::random() };
        private_file(&file, &serde_json::to_string_pretty(&installation)?, None)?;
        Ok(installation)
    }
}

/// The ports that people expect, or the next free ones.
pub(crate) fn ports() -> Result<Ports> {
    Ok(Ports {
        customer: port::at_or_after(Binary::CustomerService.port())?,
        order: port::at_or_after(Binary::OrderService.port())?,
        payment: port::at_or_after(Binary::PaymentService.port())?,
        esb: port::at_or_after(Binary::Esb.port())?,
    })
}

/// Where the binaries keep their data; the databases themselves are made when their engine is up.
pub(crate) fn stores(sites: &Sites) -> Stores {
    Stores {
        customer: sites.postgres.url("customer_service"),
        order: sites.mysql.url("order_service"),
        payment: sites.mongodb.url("payment_service"),
        esb: sites.postgres.url("esb"),
        broker: sites.rabbitmq.url("%2f"),
        management: sites.rabbitmq.management_url(),
    }
}
