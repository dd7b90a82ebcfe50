//! `POST /orders/{id}/deliver`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{IdPath, Json};
use contracts::{DeliverOrder, Order, Problem};

use crate::domain::{Act, deliver as delivered};
use crate::http::answer;
use crate::store::Store;

/// Notes that a shipped order has arrived.
#[utoipa::path(
    post, path = "/orders/{id}/deliver", operation_id = "deliver_order", tag = "orders",
    params(("id" = String, Path, format = Uuid)), request_body = DeliverOrder, security(("bearer" = [])),
    responses(
        (status = 200, description = "delivered, now or before", body = Order),
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
pub(crate) async fn deliver(
    Operator(operator): Operator,
    store: Data<Store>,
    IdPath(id): IdPath<Order>,
    asked: Result<Json<DeliverOrder>, Failure>,
) -> Result<HttpResponse, Failure> {
    store.find_order(id).await?;
    let Json(DeliverOrder {}) = asked?;
    let act = Act { by: operator.actor(), at: store.clock().now() };
    let order = store.change_order(id, |order| delivered(order, &act)).await?;
    Ok(answer::found(&order))
}
