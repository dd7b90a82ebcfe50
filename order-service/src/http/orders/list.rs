//! `GET /orders`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Caller;
use chassis::http::{Query, page_limit};
use contracts::{Customer, Id, Order, OrderStatus, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::access::Reader;
use crate::http::answer;
use crate::store::{OrderFilter, OrderPlace, Store};

/// Its schema has the name of the alias.
type OrderList = Page<Order>;

/// Which orders are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Where they stand.
    #[param(inline)]
    status: Option<OrderStatus>,
    /// Who ordered.
    #[param(value_type = Option<String>, format = Uuid)]
    customer_id: Option<Id<Customer>>,
    /// How many items at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists orders, newest first: a customer's own, or everybody's for operators and clients.
#[utoipa::path(
    get, path = "/orders", operation_id = "list_orders", tag = "orders",
    params(Wanted), security(("bearer" = [])),
    responses(
        (status = 200, description = "a page of orders", body = OrderList),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "not for this client", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "a parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list(
    caller: Caller,
    store: Data<Store>,
    wanted: Result<Query<Wanted>, Failure>,
) -> Result<HttpResponse, Failure> {
    let reader = Reader::of(&caller)?;
    let Query(wanted) = wanted?;
    let limit = page_limit(wanted.limit)?;
    let after = answer::place::<OrderPlace>(wanted.cursor.as_deref())?;
    let customer_id = match (reader, wanted.customer_id) {
        (Reader::Everyone, asked) => asked,
        (Reader::Own(own), Some(asked)) if asked != own => {
            return Ok(HttpResponse::Ok().json(Page::<Order> { items: Vec::new(), next_cursor: None }));
        }
        (Reader::Own(own), _) => Some(own),
    };
    let filter = OrderFilter { customer_id, status: wanted.status, after, limit: limit + 1 };
    let orders = store.list_orders(filter).await?;
    Ok(HttpResponse::Ok().json(answer::page(orders, limit, OrderPlace::of)?))
}
