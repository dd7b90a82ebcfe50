//! `PUT /payments/{id}`

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::SagaClient;
use chassis::http::{IdPath, Json};
use contracts::{Id, NewPayment, Payment, Problem};

use super::answer::{payment, refused};
use crate::cashier::{Cashier, Taken};
use crate::domain::Asked;

/// Takes the money.
///
/// Idempotent by id: repeat it until its answer is clear, and there is one charge.
#[utoipa::path(
    put,
    path = "/payments/{id}",
    operation_id = "charge_payment",
    tag = "payments",
    params(("id" = Id<Payment>, Path, description = "The payment's id, minted by the caller")),
    request_body = NewPayment,
    responses(
        (status = 201, description = "The money is taken", body = Payment),
        (status = 200, description = "It was taken before", body = Payment),
        (status = 400, description = "The body can't be parsed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or a bad one", body = Problem, content_type = "application/problem+json"),
        (status = 402, description = "The provider declined: `payment-declined`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not a client with the scope `saga`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The id is not one", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`payment-exists` with other content, or `payment-voided`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body breaks a rule", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`payment-unclear`: repeat it after `Retry-After`", body = Problem, content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(skip_all, fields(payment.id = %id.0))]
pub(super) async fn charge(
    caller: SagaClient,
    id: IdPath<Payment>,
    cashier: Data<Cashier>,
    Json(new): Json<NewPayment>,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::parse(id.0, &new).map_err(refused)?;
    match cashier.charge(&asked, &caller.0.actor()).await.map_err(refused)? {
        Taken::Before(account) => payment(HttpResponse::Ok(), &account),
        Taken::Now(account) => {
            let mut created = HttpResponse::Created();
            created.insert_header((LOCATION, format!("/payments/{}", id.0)));
            payment(created, &account)
        }
    }
}
