//! `DELETE /customers/{id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use contracts::Problem;

use crate::http::access::Changeable;
use crate::http::told::told;
use crate::store::Store;

/// Erases the personal data; the orders stay.
#[utoipa::path(
    delete, path = "/customers/{id}", operation_id = "erase_customer", tag = "customers", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 204, description = "erased, or erased before"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn erase(Changeable(id): Changeable, store: Data<Store>) -> Result<HttpResponse, Failure> {
    store.erase(id).await.map_err(told)?;
    tracing::info!(customer.id = %id, "customer {id} is erased");
    Ok(HttpResponse::NoContent().finish())
}
