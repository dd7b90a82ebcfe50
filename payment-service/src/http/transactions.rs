//! `GET /payments/{id}/transactions`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::http::{Cursor, IdPath, Query, page_limit};
use contracts::{Id, Page, PageQuery, Payment, Problem, Transaction};

use super::access::Viewer;
use super::answer::refused;
use crate::cashier::Cashier;
use crate::domain::PaymentError;

/// The log of a payment, oldest first.
///
/// Each try has an id, and an entry for each thing that is learned of it: that the provider was asked (`pending`), and
/// what came of it.
#[utoipa::path(
    get,
    path = "/payments/{id}/transactions",
    operation_id = "list_transactions",
    tag = "payments",
    params(("id" = Id<Payment>, Path, description = "The payment's id"), PageQuery),
    responses(
        (status = 200, description = "A page of the log", body = Page<Transaction>),
        (status = 401, description = "No token, or a bad one", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this client's scopes", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such payment, or another's", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query string is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(skip_all, fields(payment.id = %id.0))]
pub(super) async fn transactions(
    viewer: Viewer,
    id: IdPath<Payment>,
    Query(query): Query<PageQuery>,
    cashier: Data<Cashier>,
) -> Result<HttpResponse, Failure> {
    let account = cashier.payments().account(id.0).await.map_err(refused)?;
    viewer.may_see(&account.payment().map_err(PaymentError::from)?)?;
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    // The log only grows, so a number of entries is a place in it for ever.
    let seen: usize = query.cursor.as_deref().map(Cursor::read).transpose()?.unwrap_or(0);
    let log = account.transactions().map_err(PaymentError::from)?;
    let end = seen.saturating_add(limit);
    let next = (log.len() > end).then(|| Cursor::write(&end)).transpose();
    let next_cursor = next.map_err(|error| PaymentError::Store(error.into()))?;
    let items = log.into_iter().skip(seen).take(limit).collect::<Vec<_>>();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}
