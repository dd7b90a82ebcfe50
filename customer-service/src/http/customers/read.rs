//! `GET /customers/me` and `GET /customers/{id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Caller;
use contracts::{Customer, Problem};

use super::answer;
use crate::http::access::Readable;
use crate::http::told::told;
use crate::store::Store;

/// Your own profile.
#[utoipa::path(
    get, path = "/customers/me", operation_id = "read_own_customer", tag = "customers", security(("bearer" = [])),
    responses(
        (status = 200, body = Customer, headers(("ETag" = String))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "a machine client"),
    )
)]
pub(in crate::http) async fn me(caller: Caller, store: Data<Store>) -> Result<HttpResponse, Failure> {
    let id = caller.customer().ok_or_else(|| caller.forbidden())?;
    Ok(answer(&store.customer(id).await.map_err(told)?))
}

/// A profile: the owner's, or anybody's for operators and the scope `customers:read`.
#[utoipa::path(
    get, path = "/customers/{id}", operation_id = "read_customer", tag = "customers", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = Customer, headers(("ETag" = String))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn read(Readable(id): Readable, store: Data<Store>) -> Result<HttpResponse, Failure> {
    Ok(answer(&store.customer(id).await.map_err(told)?))
}
