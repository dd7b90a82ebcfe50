//! `POST /orders/{id}/ship`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{IdPath, Json};
use contracts::{Order, Problem, ShipOrder, Shipment};

use crate::domain::{Act, optional_text, ship as shipped};
use crate::http::answer;
use crate::store::Store;

const CHARS_MAX: usize = 100;

/// Hands a confirmed order to the carrier.
#[utoipa::path(
    post, path = "/orders/{id}/ship", operation_id = "ship_order", tag = "orders",
    params(("id" = String, Path, format = Uuid)), request_body = ShipOrder, security(("bearer" = [])),
    responses(
        (status = 200, description = "shipped, now or before", body = Order),
        (status = 400, description = "not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "for operators", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "none", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`illegal-transition` or `order-cancelled`", body = Problem,
         content_type = "application/problem+json"),
        (status = 422, description = "a field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn ship(
    Operator(operator): Operator,
    store: Data<Store>,
    IdPath(id): IdPath<Order>,
    asked: Result<Json<ShipOrder>, Failure>,
) -> Result<HttpResponse, Failure> {
    store.find_order(id).await?;
    let Json(asked) = asked?;
    let shipment = Shipment {
        carrier: optional_text("/carrier", asked.carrier.as_deref(), CHARS_MAX)?,
        tracking_number: optional_text("/tracking_number", asked.tracking_number.as_deref(), CHARS_MAX)?,
    };
    let act = Act { by: operator.actor(), at: store.clock().now() };
    let order = store.change_order(id, |order| shipped(order, &shipment, &act)).await?;
    Ok(answer::found(&order))
}
