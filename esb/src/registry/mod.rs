//! Where services are: those that have registered, for as long as their leases hold, and those that the settings name.
//!
//! Requests ask a picture of it in memory ([`Resolver`]), which each ESB takes anew from PostgreSQL all the time
//! ([`Registry`]); so no request waits for the database, and none fails because it is away.

mod address;
mod desk;
mod documents;
mod error;
mod outside;
mod picture;
mod probes;
mod reading;
mod resolver;
mod settings;
mod store;

pub use address::is_name;
pub use desk::{Registered, Registry};
pub use documents::Documents;
pub use error::RegistryError;
pub use outside::{Guarded, Outside};
pub use probes::{Probe, Probes};
pub use resolver::{Picked, Resolver};
pub use settings::Settings;

use chrono::{DateTime, Utc};

/// What the ESB itself is called.
pub const OWN_NAME: &str = "esb";

/// An instance of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Kebab-case.
    pub name: String,
    /// Which of them.
    pub instance: String,
    /// Its base address, without a slash at the end.
    pub base: String,
    /// What runs there, if it has said so.
    pub version: Option<String>,
    /// Where it describes itself.
    pub openapi_url: Option<String>,
    /// When its lease ends; `None` for those of the settings, which have none.
    pub lease_expires_at: Option<DateTime<Utc>>,
}

impl Service {
    /// Whether it has said nothing new about itself: a renewed lease is nothing new.
    fn is_same(&self, other: &Self) -> bool {
        self.instance == other.instance && self.version == other.version && self.openapi_url == other.openapi_url
    }
}
