//! `POST /customers/{id}/addresses`

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use chassis::Failure;
use chassis::http::Json;
use contracts::{Address, NewAddress, Problem};

use super::answer;
use crate::domain::AddressLines;
use crate::http::access::Changeable;
use crate::http::told::told;
use crate::store::Store;

/// Adds an address; the first is the default in any case.
#[utoipa::path(
    post, path = "/customers/{id}/addresses", operation_id = "add_address", tag = "addresses",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path)),
    request_body = NewAddress,
    responses(
        (status = 201, body = Address, headers(("ETag" = String), ("Location" = String))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "the book is full"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn add(
    Changeable(customer): Changeable,
    store: Data<Store>,
    Json(new): Json<NewAddress>,
) -> Result<HttpResponse, Failure> {
    let lines = AddressLines::parse(&new)?;
    let address = store.add_address(customer, &lines, new.default.then_some(())).await.map_err(told)?;
    let location = format!("/customers/{customer}/addresses/{}", address.document.id);
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, location));
    Ok(answer(response, &address))
}
