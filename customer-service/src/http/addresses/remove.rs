//! `DELETE /customers/{id}/addresses/{address_id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use contracts::Problem;

use crate::http::access::Entry;
use crate::http::told::told;
use crate::store::Store;

/// Takes an address away; no other becomes the default for it.
#[utoipa::path(
    delete, path = "/customers/{id}/addresses/{address_id}", operation_id = "remove_address", tag = "addresses",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path), ("address_id" = uuid::Uuid, Path)),
    responses(
        (status = 204),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn remove(Entry(customer, id): Entry, store: Data<Store>) -> Result<HttpResponse, Failure> {
    store.remove_address(customer, id).await.map_err(told)?;
    Ok(HttpResponse::NoContent().finish())
}
