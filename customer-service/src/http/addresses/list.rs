//! `GET /customers/{id}/addresses`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::http::{Cursor, Query, page_limit};
use contracts::{Address, Id, Page, PageQuery, Problem};

use crate::http::access::Changeable;
use crate::http::page::page;
use crate::http::told::told;
use crate::store::Store;

/// The address book, the newest entry first.
#[utoipa::path(
    get, path = "/customers/{id}/addresses", operation_id = "list_addresses", tag = "addresses",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path), PageQuery),
    responses(
        (status = 200, body = Page<Address>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list(
    Changeable(customer): Changeable,
    store: Data<Store>,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(Cursor::read::<Id<Address>>).transpose()?;
    let found = store.addresses(customer, before, limit + 1).await.map_err(told)?;
    Ok(HttpResponse::Ok().json(page(found, limit, |address| address.id)?))
}
