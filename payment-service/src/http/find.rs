//! `GET /payments/{id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::http::IdPath;
use contracts::{Id, Payment, Problem};

use super::access::Viewer;
use super::answer::{payment, refused};
use crate::cashier::Cashier;
use crate::domain::PaymentError;

/// A payment.
#[utoipa::path(
    get,
    path = "/payments/{id}",
    operation_id = "find_payment",
    tag = "payments",
    params(("id" = Id<Payment>, Path, description = "The payment's id")),
    responses(
        (status = 200, description = "The payment, with its version as `ETag`", body = Payment),
        (status = 401, description = "No token, or a bad one", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this client's scopes", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such payment, or another's", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(skip_all, fields(payment.id = %id.0))]
pub(super) async fn find(viewer: Viewer, id: IdPath<Payment>, cashier: Data<Cashier>) -> Result<HttpResponse, Failure> {
    let account = cashier.payments().account(id.0).await.map_err(refused)?;
    viewer.may_see(&account.payment().map_err(PaymentError::from)?)?;
    payment(HttpResponse::Ok(), &account)
}
