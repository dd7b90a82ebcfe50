//! `GET /payments`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::http::{Cursor, Query, page_limit};
use contracts::{Customer, Id, Order, Page, Payment, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::access::Reader;
use super::answer::refused;
use crate::cashier::Cashier;
use crate::domain::PaymentError;
use crate::store::Filter;

/// Which payments are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Those for this order.
    order_id: Option<Id<Order>>,
    /// Those of this customer.
    customer_id: Option<Id<Customer>>,
    /// How many at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Payments, newest first.
///
/// A customer sees their own; an operator, or a client with the scope `orders:place`, sees all.
#[utoipa::path(
    get,
    path = "/payments",
    operation_id = "list_payments",
    tag = "payments",
    params(Wanted),
    responses(
        (status = 200, description = "A page of payments", body = Page<Payment>),
        (status = 401, description = "No token, or a bad one", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this client's scopes", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query string is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(skip_all)]
pub(super) async fn list(
    reader: Reader,
    Query(wanted): Query<Wanted>,
    cashier: Data<Cashier>,
) -> Result<HttpResponse, Failure> {
    let limit = page_limit(wanted.limit)?;
    let after = wanted.cursor.as_deref().map(Cursor::read).transpose()?;
    let customer_id = match reader {
        Reader::All => wanted.customer_id,
        Reader::Own(customer) => Some(customer),
    };
    if wanted.customer_id.is_some() && wanted.customer_id != customer_id {
        return Ok(HttpResponse::Ok().json(Page::<Payment> { items: Vec::new(), next_cursor: None }));
    }
    let filter = Filter { order_id: wanted.order_id, customer_id, after };
    // One more than wanted tells whether there are more.
    let mut items = cashier.payments().list(filter, limit.saturating_add(1)).await.map_err(refused)?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > wanted;
    items.truncate(wanted);
    let last = items.last().filter(|_| more).map(|payment| Cursor::write(&payment.id)).transpose();
    let next_cursor = last.map_err(|error| PaymentError::Store(error.into()))?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}
