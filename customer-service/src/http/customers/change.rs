//! `PATCH /customers/{id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::http::Json;
use contracts::{Customer, CustomerChange, Problem};

use super::answer;
use crate::domain::ProfileEdit;
use crate::http::access::{Changeable, Versions};
use crate::http::told::told;
use crate::store::Store;

/// Changes the profile; what is absent stays.
#[utoipa::path(
    patch, path = "/customers/{id}", operation_id = "change_customer", tag = "customers", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag that was read")),
    request_body = CustomerChange,
    responses(
        (status = 200, body = Customer, headers(("ETag" = String))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "e-mail taken, or erased"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn change(
    Changeable(id): Changeable,
    store: Data<Store>,
    versions: Versions,
    Json(change): Json<CustomerChange>,
) -> Result<HttpResponse, Failure> {
    let edit = ProfileEdit::parse(&change)?;
    Ok(answer(&store.change(id, &edit, versions.wanted()).await.map_err(told)?))
}
