//! `POST /payments/{id}/refunds`

use actix_web::web::{Data, Payload};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use chassis::Failure;
use chassis::http::{IdPath, Json};
use contracts::{FieldError, Id, NewRefund, Payment, Problem, Refund};

use super::access::Refunder;
use super::answer::refused;
use crate::cashier::{Cashier, Given};
use crate::domain::{PaymentError, RefundRequest};

const KEY: &str = "idempotency-key";
const KEY_MAX: usize = 255;
const REPLAYED: &str = "idempotent-replayed";

/// Gives money back: all that is left, or some of it.
///
/// `status` is `pending` where the provider's answer is not clear yet; the provider is then asked again until it is.
#[utoipa::path(
    post,
    path = "/payments/{id}/refunds",
    operation_id = "refund_payment",
    tag = "payments",
    params(
        ("id" = Id<Payment>, Path, description = "The payment's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "With the same key and body, the money goes back once"),
    ),
    request_body = NewRefund,
    responses(
        (status = 201, description = "The refund", body = Refund),
        (status = 400, description = "The body can't be parsed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or a bad one", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Neither an operator nor a client with the scope `payments:refund`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such payment", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`refund-exceeds-payment`, `payment-not-captured` or `too-many-refunds`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body breaks a rule, or `idempotency-mismatch`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(skip_all, fields(payment.id = %id.0))]
pub(super) async fn refund(
    Refunder(caller): Refunder,
    id: IdPath<Payment>,
    cashier: Data<Cashier>,
    (request, body): (HttpRequest, Payload),
) -> Result<HttpResponse, Failure> {
    // A payment that is not there is more to the point than what is wrong with the body.
    let account = cashier.payments().account(id.0).await.map_err(refused)?;
    let key = idempotency_key(&request)?;
    let Json(new) = Json::<NewRefund>::from_request(&request, &mut body.into_inner()).await?;
    let wanted = RefundRequest::parse(&new, &account, &caller.actor())?;
    let wanted = if let Some(key) = key { wanted.once(&key) } else { wanted };
    let mut response = HttpResponse::Created();
    let refund = match cashier.refund(id.0, &wanted).await.map_err(refused)? {
        Given::Now(refund) => refund,
        Given::Before(refund) => {
            response.insert_header((REPLAYED, "true"));
            refund
        }
    };
    tracing::info!(payment.id = %id.0, refund.id = %refund.id, actor = wanted.by, "refund of {}", refund.amount);
    Ok(response.json(refund))
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Failure> {
    let Some(header) = request.headers().get(KEY) else { return Ok(None) };
    let visible = header.as_bytes().iter().all(u8::is_ascii_graphic);
    let key = header.to_str().ok().filter(|key| visible && (1..=KEY_MAX).contains(&key.len()));
    let wrong = || {
        let detail = format!("`Idempotency-Key` must have 1 to {KEY_MAX} visible ASCII characters");
        PaymentError::Invalid(vec![FieldError::new("", detail)])
    };
    Ok(Some(key.ok_or_else(wrong)?.to_owned()))
}
