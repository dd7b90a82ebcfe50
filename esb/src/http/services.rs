//! `GET /esb/services`

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use chrono::{DateTime, Utc};
use contracts::{Page, Problem};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::endpoint::services::Services;
use crate::registry::Service;

/// How long a service may think about its health.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much it may say about it.
const HEALTH_MAX: usize = 64 * 1024;

/// An instance of a service.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct ServiceInstance {
    /// Kebab-case.
    pub(crate) name: String,
    /// Which of them.
    pub(crate) instance: String,
    /// Its base address.
    pub(crate) url: String,
    /// Where it describes itself.
    pub(crate) openapi_url: String,
    /// Whether it says that it is ready.
    pub(crate) healthy: bool,
    /// When it is forgotten unless it registers again; absent for those of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lease_expires_at: Option<DateTime<Utc>>,
}

/// The services behind the bus, each asked how it is.
#[utoipa::path(get, path = "/esb/services", operation_id = "list_services", tag = "esb", responses(
    (status = 200, body = Page<ServiceInstance>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn list(_: Operator, services: Data<Services>) -> HttpResponse {
    let asked = services.resolver().all().map(|service| instance(&services, service));
    HttpResponse::Ok().json(Page { items: join_all(asked).await, next_cursor: None })
}

async fn instance(services: &Services, service: &Service) -> ServiceInstance {
    let answer = tokio::time::timeout(PATIENCE, services.look_at(&service.name, "/health/ready", HEALTH_MAX)).await;
    ServiceInstance {
        name: service.name.clone(),
        instance: format!("{}-1", service.name),
        url: service.base.clone(),
        openapi_url: format!("{}/openapi.json", service.base),
        healthy: matches!(answer, Ok(Ok(_))),
        lease_expires_at: None,
    }
}
