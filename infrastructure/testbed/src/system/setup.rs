//! Who is where, and who may what: from this the settings of every binary follow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::binary::Binary;
use crate::engine::secret;

/// The scopes of the machine client that people get.
const CLIENT_SCOPES: [&str; 5] =
    ["orders:place", "payments:refund", "customers:read", "customers:register", "registry"];
/// The scopes of the ESB's own client.
const ESB_SCOPES: [&str; 3] = ["clients:act-for", "customers:read", "saga"];
const ESB_CLIENT: &str = "esb";
/// The client by which the services register.
const SERVICES_CLIENT: &str = "services";

/// The first operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// The e-mail to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: String,
}

/// A machine client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its name.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// The accounts of an installation, with secrets that are its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// The first operator.
    pub operator: Operator,
    /// The machine client that people get.
    pub client: Client,
    /// The secret of the ESB's own client.
    pub esb_secret: String,
    /// The secret of the services' own client; an older installation has none yet, and any is good.
    #[serde(default = "secret")]
    pub services_secret: String,
}

impl Accounts {
    /// New ones.
    pub fn random() -> Self {
        Self {
            operator: Operator { email: "operator@example.com".to_owned(), password: secret() },
            client: Client { id: "integration".to_owned(), secret: secret() },
            esb_secret: secret(),
            services_secret: secret(),
        }
    }

    /// What customer-service makes at its start.
    fn clients(&self) -> String {
        json!([
            {"id": self.client.id, "secret": self.client.secret, "scopes": CLIENT_SCOPES},
            {"id": ESB_CLIENT, "secret": self.esb_secret, "scopes": ESB_SCOPES},
            {"id": SERVICES_CLIENT, "secret": self.services_secret, "scopes": ["registry"]},
        ])
        .to_string()
    }
}

/// The databases of the four binaries, and the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stores {
    /// customer-service's PostgreSQL database.
    pub customer: String,
    /// order-service's MySQL database.
    pub order: String,
    /// payment-service's MongoDB database.
    pub payment: String,
    /// The ESB's PostgreSQL database.
    pub esb: String,
    /// The virtual host of RabbitMQ.
    pub broker: String,
    /// The management API of RabbitMQ.
    pub management: String,
}

impl Stores {
    fn database(&self, binary: Binary) -> &str {
        match binary {
            Binary::CustomerService => &self.customer,
            Binary::OrderService => &self.order,
            Binary::PaymentService => &self.payment,
            Binary::Esb => &self.esb,
        }
    }
}

/// The ports of the four binaries, in the order of [`Binary::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// customer-service.
    pub customer: u16,
    /// order-service.
    pub order: u16,
    /// payment-service.
    pub payment: u16,
    /// The ESB.
    pub esb: u16,
}

impl Ports {
    /// The port of a binary.
    pub const fn of(self, binary: Binary) -> u16 {
        match binary {
            Binary::CustomerService => self.customer,
            Binary::OrderService => self.order,
            Binary::PaymentService => self.payment,
            Binary::Esb => self.esb,
        }
    }
}

/// Everything that the settings of the binaries follow from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Who may what.
    pub accounts: Accounts,
    /// Where the data is.
    pub stores: Stores,
    /// Where they listen.
    pub ports: Ports,
}

impl Setup {
    /// The base URL of a binary.
    pub fn url(&self, binary: Binary) -> String {
        format!("http://127.0.0.1:{}", self.ports.of(binary))
    }

    /// The settings of a binary that listens at this port.
    pub fn settings(&self, binary: Binary, port: u16) -> BTreeMap<String, String> {
        let jwks = format!("{}/.well-known/jwks.json", self.url(Binary::CustomerService));
        let mut settings = vec![
            ("HTTP__LISTEN", format!("127.0.0.1:{port}")),
            ("AUTH__JWKS_URL", jwks),
            ("LOG__FORMAT", "json".to_owned()),
            ("DATABASE__URL", self.stores.database(binary).to_owned()),
            ("BROKER__URL", self.stores.broker.clone()),
        ];
        settings.extend(match binary {
            Binary::CustomerService => self.bootstrap(),
            Binary::Esb => self.bus(port),
            Binary::OrderService | Binary::PaymentService => Vec::new(),
        });
        if binary != Binary::Esb {
            settings.push(("REGISTRY__URL", self.url(Binary::Esb)));
            settings.push(("REGISTRY__CLIENT_SECRET", self.accounts.services_secret.clone()));
        }
        settings.into_iter().map(|(key, value)| (format!("{}__{key}", binary.variable()), value)).collect()
    }

    fn bootstrap(&self) -> Vec<(&'static str, String)> {
        let Accounts { operator, .. } = &self.accounts;
        vec![
            ("BOOTSTRAP__OPERATOR_EMAIL", operator.email.clone()),
            ("BOOTSTRAP__OPERATOR_PASSWORD", operator.password.clone()),
            ("BOOTSTRAP__CLIENTS", self.accounts.clients()),
        ]
    }

    fn bus(&self, port: u16) -> Vec<(&'static str, String)> {
        vec![
            ("REGISTRY__PUBLIC_URL", format!("http://127.0.0.1:{port}")),
            ("SERVICES__CUSTOMER_SERVICE", self.url(Binary::CustomerService)),
            ("SERVICES__ORDER_SERVICE", self.url(Binary::OrderService)),
            ("SERVICES__PAYMENT_SERVICE", self.url(Binary::PaymentService)),
            ("CLIENT__ID", ESB_CLIENT.to_owned()),
            ("CLIENT__SECRET", self.accounts.esb_secret.clone()),
            // Whoever gets at this broker is at home here; an installation for others names nobody.
            ("AMQP__UNNAMED_CLIENT", self.accounts.client.id.clone()),
        ]
    }

    /// What a program that talks to the system wants to know, under the names of `.local/env`.
    pub fn env(&self) -> BTreeMap<String, String> {
        let Self { accounts, stores, .. } = self;
        let mut env: BTreeMap<_, _> =
            Binary::ALL.into_iter().map(|binary| (format!("{}_URL", binary.variable()), self.url(binary))).collect();
        let more = [
            ("AMQP_URL", &stores.broker),
            ("AMQP_MANAGEMENT_URL", &stores.management),
            ("CUSTOMER_DATABASE_URL", &stores.customer),
            ("ORDER_DATABASE_URL", &stores.order),
            ("PAYMENT_DATABASE_URL", &stores.payment),
            ("ESB_DATABASE_URL", &stores.esb),
            ("OPERATOR_EMAIL", &accounts.operator.email),
            ("OPERATOR_PASSWORD", &accounts.operator.password),
            ("CLIENT_ID", &accounts.client.id),
            ("CLIENT_SECRET", &accounts.client.secret),
        ];
        env.extend(more.map(|(key, value)| (key.to_owned(), value.clone())));
        env
    }
}
