//! `PATCH /customers/{id}/addresses/{address_id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::http::Json;
use contracts::{Address, AddressChange, Problem};

use super::answer;
use crate::domain::AddressEdit;
use crate::http::access::{Entry, Versions};
use crate::http::told::told;
use crate::store::Store;

/// Changes an address; what is absent stays.
#[utoipa::path(
    patch, path = "/customers/{id}/addresses/{address_id}", operation_id = "change_address", tag = "addresses",
    security(("bearer" = [])),
    params(
        ("id" = uuid::Uuid, Path),
        ("address_id" = uuid::Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag that was read"),
    ),
    request_body = AddressChange,
    responses(
        (status = 200, body = Address, headers(("ETag" = String))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn change(
    Entry(customer, id): Entry,
    store: Data<Store>,
    versions: Versions,
    Json(change): Json<AddressChange>,
) -> Result<HttpResponse, Failure> {
    let edit = AddressEdit::parse(&change)?;
    let address = store.change_address((customer, id), &edit, versions.wanted()).await.map_err(told)?;
    Ok(answer(HttpResponse::Ok(), &address))
}
