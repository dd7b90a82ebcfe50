//! `POST /payments/{id}/void`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::SagaClient;
use chassis::http::{IdPath, Json};
use contracts::{Id, Payment, Problem, VoidPayment};

use super::answer::{payment, refused};
use crate::cashier::Cashier;
use crate::domain::{PaymentError, Reason};

/// Gives a payment up.
///
/// Whatever became of it, no money stays taken; a charge under an id that is not known yet will be refused. Idempotent.
#[utoipa::path(
    post,
    path = "/payments/{id}/void",
    operation_id = "void_payment",
    tag = "payments",
    params(("id" = Id<Payment>, Path, description = "The payment's id")),
    request_body = VoidPayment,
    responses(
        (status = 200, description = "No money is taken, or no longer", body = Payment),
        (status = 204, description = "The id was not known; a late charge will be refused"),
        (status = 400, description = "The body can't be parsed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or a bad one", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not a client with the scope `saga`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The id is not one", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The provider keeps the money: `refund-declined`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body breaks a rule", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`payment-unclear`: repeat it after `Retry-After`", body = Problem, content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(skip_all, fields(payment.id = %id.0))]
pub(super) async fn void(
    caller: SagaClient,
    id: IdPath<Payment>,
    cashier: Data<Cashier>,
    Json(wanted): Json<VoidPayment>,
) -> Result<HttpResponse, Failure> {
    let reason = Reason::parse(&wanted.reason).map_err(|wrong| PaymentError::Invalid(vec![wrong]))?;
    let voided = cashier.void(id.0, &reason, &caller.0.actor()).await.map_err(refused)?;
    voided.map_or_else(|| Ok(HttpResponse::NoContent().finish()), |account| payment(HttpResponse::Ok(), &account))
}
