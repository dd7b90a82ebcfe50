//! `GET /sandbox/ledger`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{Cursor, Query, page_limit};
use contracts::{Id, Page, Payment, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::refused;
use crate::domain::PaymentError;
use crate::provider::{LedgerEntry, Sandbox};

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Those of this payment.
    payment_id: Option<Id<Payment>>,
    /// How many at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The bank's side: what the sandbox provider has moved.
///
/// Newest charge first, each followed by its refunds.
#[utoipa::path(
    get,
    path = "/sandbox/ledger",
    operation_id = "list_sandbox_ledger",
    tag = "sandbox",
    params(Wanted),
    responses(
        (status = 200, description = "A page of the ledger", body = Page<LedgerEntry>),
        (status = 401, description = "No token, or a bad one", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an operator", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query string is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(skip_all)]
pub(super) async fn ledger(
    _operator: Operator,
    Query(wanted): Query<Wanted>,
    sandbox: Data<Sandbox>,
) -> Result<HttpResponse, Failure> {
    let limit = usize::try_from(page_limit(wanted.limit)?).unwrap_or(usize::MAX);
    let place = wanted.cursor.as_deref().map(Cursor::read).transpose()?;
    let moved = sandbox.moved(wanted.payment_id, place, limit).await;
    let (items, next) = moved.map_err(|unclear| refused(PaymentError::Unavailable(unclear.into())))?;
    let next = next.map(|place| Cursor::write(&place)).transpose();
    let next_cursor = next.map_err(|error| PaymentError::Store(error.into()))?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}
