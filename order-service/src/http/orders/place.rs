//! `PUT /orders/{id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::SagaClient;
use chassis::http::{IdPath, Json};
use contracts::{NewOrder, Order, Problem};

use crate::domain::Draft;
use crate::http::answer;
use crate::store::{Placed, Store};

/// Prices an order and reserves its stock, once for each id.
#[utoipa::path(
    put, path = "/orders/{id}", operation_id = "create_order", tag = "orders",
    params(("id" = String, Path, format = Uuid)), request_body = NewOrder, security(("bearer" = [])),
    responses(
        (status = 201, description = "placed", body = Order),
        (status = 200, description = "placed before; as it stands now", body = Order),
        (status = 400, description = "not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "for the bus alone", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`product-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`out-of-stock`, `price-changed`, `order-exists` or `order-cancelled`",
         body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "a field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn place(
    _: SagaClient,
    store: Data<Store>,
    IdPath(id): IdPath<Order>,
    Json(new): Json<NewOrder>,
) -> Result<HttpResponse, Failure> {
    let draft = Draft::parse(id, new)?;
    Ok(match store.place(&draft).await? {
        Placed::Now(order) => answer::created(&order, format!("/orders/{id}")),
        Placed::Before(order) => answer::found(&order),
    })
}
