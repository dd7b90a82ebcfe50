//! `POST /orders/{id}/confirm`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::SagaClient;
use chassis::http::{IdPath, Json};
use contracts::{ConfirmOrder, Order, Problem};

use crate::domain::{Act, confirm as confirmed};
use crate::http::answer;
use crate::store::Store;

/// Confirms an order that is paid.
#[utoipa::path(
    post, path = "/orders/{id}/confirm", operation_id = "confirm_order", tag = "orders",
    params(("id" = String, Path, format = Uuid)), request_body = ConfirmOrder, security(("bearer" = [])),
    responses(
        (status = 200, description = "confirmed, now or before", body = Order),
        (status = 400, description = "not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "for the bus alone", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "none", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`order-cancelled` or `paid-otherwise`", body = Problem,
         content_type = "application/problem+json"),
        (status = 422, description = "a field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn confirm(
    SagaClient(caller): SagaClient,
    store: Data<Store>,
    IdPath(id): IdPath<Order>,
    Json(asked): Json<ConfirmOrder>,
) -> Result<HttpResponse, Failure> {
    let act = Act { by: caller.actor(), at: store.clock().now() };
    let order = store.change_order(id, |order| confirmed(order, asked.payment_id, &act)).await?;
    Ok(answer::found(&order))
}
