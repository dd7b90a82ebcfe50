//! `GET /orders/{id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Caller;
use chassis::http::IdPath;
use contracts::{Order, Problem};

use crate::http::access::Reader;
use crate::http::answer;
use crate::store::Store;

/// Shows an order, with its history.
#[utoipa::path(
    get, path = "/orders/{id}", operation_id = "get_order", tag = "orders",
    params(("id" = String, Path, format = Uuid)), security(("bearer" = [])),
    responses(
        (status = 200, description = "the order", body = Order),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "not for this client", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "none of the caller's", body = Problem,
         content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn find(
    caller: Caller,
    store: Data<Store>,
    IdPath(id): IdPath<Order>,
) -> Result<HttpResponse, Failure> {
    let reader = Reader::of(&caller)?;
    let order = store.find_order(id).await?;
    reader.check(&order.document)?;
    Ok(answer::found(&order))
}
