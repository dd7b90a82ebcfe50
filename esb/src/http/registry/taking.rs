//! Services come, stay and go.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chassis::Failure;
use chassis::http::Json;
use contracts::{Problem, RegisterService, RegisteredService};

use super::RegistryClient;
use crate::registry::{Registered, Registry};

/// Registers an instance of a service: requests are sent to it until its lease ends. The same name and url again renews
/// the lease; do so at a third of it. A name that belongs to the installation itself is for its own clients only.
#[utoipa::path(post, path = "/registry/register", operation_id = "register_service", tag = "registry",
    request_body = RegisterService,
    responses(
        (status = 200, body = RegisteredService, description = "renewed"),
        (status = 201, body = RegisteredService, description = "registered"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "the registry is full"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn register(
    RegistryClient(caller): RegistryClient,
    Json(new): Json<RegisterService>,
    registry: Data<Registry>,
) -> Result<HttpResponse, Failure> {
    let Registered { instance, lease_expires_at, is_new } = registry.register(&new, caller.subject()).await?;
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(RegisteredService { instance, lease_expires_at }))
}

/// Ends the lease of an instance: nothing is sent to it any more.
#[utoipa::path(delete, path = "/registry/services/{name}/{instance}", operation_id = "remove_service", tag = "registry",
    params(
        ("name" = String, Path, description = "the service's name"),
        ("instance" = String, Path, description = "which of its instances, as registering told"),
    ),
    responses(
        (status = 204, description = "it is gone"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn remove(
    RegistryClient(caller): RegistryClient,
    place: Path<(String, String)>,
    registry: Data<Registry>,
) -> Result<HttpResponse, Failure> {
    let (name, instance) = place.into_inner();
    registry.remove(&name, &instance).await?;
    tracing::info!(service.name = name, service.instance = instance, "an instance was removed by {}", caller.actor());
    Ok(HttpResponse::NoContent().finish())
}
