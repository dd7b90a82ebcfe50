//! `GET /customers/{id}/addresses/{address_id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use contracts::{Address, Problem};

use super::answer;
use crate::http::access::Entry;
use crate::http::told::told;
use crate::store::Store;

/// An address.
#[utoipa::path(
    get, path = "/customers/{id}/addresses/{address_id}", operation_id = "read_address", tag = "addresses",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path), ("address_id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = Address, headers(("ETag" = String))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn read(Entry(customer, id): Entry, store: Data<Store>) -> Result<HttpResponse, Failure> {
    let address = store.address(customer, id).await.map_err(told)?;
    Ok(answer(HttpResponse::Ok(), &address))
}
