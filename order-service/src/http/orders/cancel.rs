//! `POST /orders/{id}/cancel`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Caller;
use chassis::http::{IdPath, Json};
use contracts::{CancelOrder, Id, Order, OrderStatus, Problem};

use crate::domain::{Act, OrderError, cancel as cancelled, optional_text};
use crate::http::access::{Reader, is_saga};
use crate::http::answer;
use crate::store::Store;

const REASON_CHARS_MAX: usize = 500;

/// Cancels an order that is not on its way yet; its stock goes back at once, and a payment is given back.
#[utoipa::path(
    post, path = "/orders/{id}/cancel", operation_id = "cancel_order", tag = "orders",
    params(("id" = String, Path, format = Uuid)), request_body = CancelOrder, security(("bearer" = [])),
    responses(
        (status = 200, description = "cancelled, now or before", body = Order),
        (status = 204, description = "for the bus: nobody knew the id, and it can't be placed any more"),
        (status = 400, description = "not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "not for this client", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "none of the caller's", body = Problem,
         content_type = "application/problem+json"),
        (status = 409, description = "`illegal-transition`", body = Problem,
         content_type = "application/problem+json"),
        (status = 422, description = "a field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn cancel(
    caller: Caller,
    store: Data<Store>,
    IdPath(id): IdPath<Order>,
    asked: Result<Json<CancelOrder>, Failure>,
) -> Result<HttpResponse, Failure> {
    let reader = Reader::of(&caller)?;
    let act = Act { by: caller.actor(), at: store.clock().now() };
    if is_saga(&caller) {
        return take_back(&store, id, reason(asked)?, &act).await;
    }
    reader.check(&store.find_order(id).await?.document)?;
    let reason = reason(asked)?;
    let order = store.change_order(id, |order| cancelled(order, reason.clone(), &act)).await?;
    Ok(answer::found(&order))
}

/// The saga takes back what it began: it may come before the order itself, but not after the order was confirmed.
async fn take_back(store: &Store, id: Id<Order>, reason: Option<String>, act: &Act) -> Result<HttpResponse, Failure> {
    let command = |order: &Order| match order.status {
        OrderStatus::Confirmed => {
            Err(OrderError::IllegalTransition { from: OrderStatus::Confirmed, to: OrderStatus::Cancelled })
        }
        OrderStatus::Pending | OrderStatus::Cancelled | OrderStatus::Shipped | OrderStatus::Delivered => {
            cancelled(order, reason.clone(), act)
        }
    };
    let order = store.change_or_bury(id, command).await?;
    Ok(order.map_or_else(|| HttpResponse::NoContent().finish(), |order| answer::found(&order)))
}

fn reason(asked: Result<Json<CancelOrder>, Failure>) -> Result<Option<String>, Failure> {
    let Json(asked) = asked?;
    Ok(optional_text("/reason", asked.reason.as_deref(), REASON_CHARS_MAX)?)
}
