//! Who is there, and where.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chassis::auth::{Caller, Operator};
use chassis::http::{Cursor, Query, page_limit};
use chassis::{Failure, Kind};
use contracts::{DiscoveredService, Page, PageQuery, Problem, ServiceInstance};
use futures_util::future::join_all;

use super::RegistryClient;
use crate::registry::{Probe, Probes, Registry, RegistryError, Service};

/// The services behind the bus, by name, each asked how it is.
#[utoipa::path(get, path = "/esb/services", operation_id = "list_services", tag = "esb", params(PageQuery), responses(
    (status = 200, body = Page<ServiceInstance>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn services(
    _: Operator,
    Query(query): Query<PageQuery>,
    registry: Data<Registry>,
    probes: Data<Probes>,
) -> Result<HttpResponse, Failure> {
    page(&query, &registry, &probes).await
}

/// The instances that requests are sent to, by name, each asked how it is. Those without a lease are of the bus's own
/// settings.
#[utoipa::path(get, path = "/registry/services", operation_id = "list_registered_services", tag = "registry",
    params(PageQuery),
    responses(
        (status = 200, body = Page<ServiceInstance>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn registered(
    _: RegistryClient,
    Query(query): Query<PageQuery>,
    registry: Data<Registry>,
    probes: Data<Probes>,
) -> Result<HttpResponse, Failure> {
    page(&query, &registry, &probes).await
}

async fn page(query: &PageQuery, registry: &Registry, probes: &Probes) -> Result<HttpResponse, Failure> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let after = query.cursor.as_deref().map(Cursor::read::<(String, String)>).transpose()?;
    let mut page = registry.resolver().all();
    page.retain(|service| {
        after.as_ref().is_none_or(|(name, instance)| (&service.name, &service.instance) > (name, instance))
    });
    let more = page.len() > limit;
    page.truncate(limit);
    let last = page.last().filter(|_| more).map(|service| Cursor::write(&(&service.name, &service.instance)));
    let next_cursor = last.transpose().map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
    Ok(HttpResponse::Ok().json(Page { items: asked(&page, probes).await, next_cursor }))
}

/// Where a service is: one instance, each in its turn, and all there are.
#[utoipa::path(get, path = "/registry/discover/{name}", operation_id = "discover_service", tag = "registry",
    params(("name" = String, Path, description = "the service's name")),
    responses(
        (status = 200, body = DiscoveredService),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn discover(_: Caller, name: Path<String>, registry: Data<Registry>) -> Result<HttpResponse, Failure> {
    let name = name.into_inner();
    let chosen = registry.resolver().find(&name).ok_or_else(|| RegistryError::NoService(name.clone()))?;
    // Anybody may ask this, and so it makes nobody work: a lease that holds is all that is known here.
    let held = || Probe { ready: true, ..Probe::default() };
    let instances = registry.resolver().instances(&name).iter().map(|service| document(service, held())).collect();
    Ok(HttpResponse::Ok().json(DiscoveredService { name, service_url: chosen.base.clone(), instances }))
}

async fn asked(services: &[Arc<Service>], probes: &Probes) -> Vec<ServiceInstance> {
    let ask = async |service: &Arc<Service>| document(service, probes.of(&service.base).await);
    join_all(services.iter().map(ask)).await
}

fn document(service: &Service, probe: Probe) -> ServiceInstance {
    ServiceInstance {
        name: service.name.clone(),
        instance: service.instance.clone(),
        url: service.base.clone(),
        version: service.version.clone(),
        openapi_url: service.openapi_url.clone(),
        healthy: probe.ready,
        lease_expires_at: service.lease_expires_at,
        latency_ms: probe.latency.map(|latency| (latency.as_secs_f64() * 1e6).round() / 1e3),
        checks: probe.checks,
    }
}
