//! Services that tell the bus where they are.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An instance of a service that can be reached from now on; the same again renews its lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterService {
    /// What routes call the service: kebab-case.
    #[schema(example = "inventory-service", max_length = 63, pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    pub name: String,
    /// The base address of this instance: http or https, without credentials, query and fragment.
    #[schema(example = "http://inventory-1.internal:9000", max_length = 2048)]
    pub url: String,
    /// What runs there; another one is asked for its description again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "1.4.0", max_length = 64)]
    pub version: Option<String>,
    /// Where the instance describes itself, as OpenAPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "http://inventory-1.internal:9000/openapi.json", max_length = 2048)]
    pub openapi_url: Option<String>,
    /// How long it counts without being renewed; 30 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 5, maximum = 3600, default = 30)]
    pub lease_seconds: Option<u32>,
}

/// A lease on a place in the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegisteredService {
    /// Which of the service's instances this is.
    pub instance: String,
    /// When it is forgotten unless it registers again.
    pub lease_expires_at: DateTime<Utc>,
}

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DiscoveredService {
    /// Kebab-case.
    pub name: String,
    /// One of its instances, each in its turn.
    pub service_url: String,
    /// All that can be asked now.
    pub instances: Vec<ServiceInstance>,
}

/// An instance of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServiceInstance {
    /// Kebab-case.
    pub name: String,
    /// Which of them.
    pub instance: String,
    /// Its base address.
    pub url: String,
    /// What runs there, if it has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where it describes itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openapi_url: Option<String>,
    /// Whether it says that it is ready; an instance without `/health/ready` is where it answers.
    pub healthy: bool,
    /// When it is forgotten unless it registers again; absent for those of the bus's settings, which are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_expires_at: Option<DateTime<Utc>>,
    /// How many milliseconds it took to say how it is; absent where it did not, or was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// What it needs, and whether that is there; absent where it does not say, or was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<ServiceCheck>>,
}

/// Something that a service needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceCheck {
    /// Such as `postgresql`.
    pub name: String,
    /// Whether it is there.
    pub healthy: bool,
    /// What else the service says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}
