//! `POST /products/{id}/stock`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{IdPath, Json};
use contracts::{Problem, Product, StockChange};

use super::edit::Target;
use crate::domain::{Delta, IdempotencyKey, OrderError};
use crate::http::answer;
use crate::store::{Stocktaking, Store, Told};

const IDEMPOTENCY_KEY: &str = "idempotency-key";
const IDEMPOTENT_REPLAYED: &str = "idempotent-replayed";

/// Books units that came or went.
#[utoipa::path(
    post, path = "/products/{id}/stock", operation_id = "change_stock", tag = "products",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = Option<String>, Header, description = "done once for each key"),
    ),
    request_body = StockChange, security(("bearer" = [])),
    responses(
        (status = 200, description = "booked; the product as it is then", body = Product),
        (status = 400, description = "not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "for operators", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "none", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`insufficient-stock`", body = Problem,
         content_type = "application/problem+json"),
        (status = 422, description = "a field is wrong, or the key was used for something else", body = Problem,
         content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn stock(
    Operator(operator): Operator,
    store: Data<Store>,
    target: Target,
    change: Result<Json<StockChange>, Failure>,
) -> Result<HttpResponse, Failure> {
    let (IdPath(product_id), request) = target;
    store.find_product(product_id).await?;
    let Json(change) = change?;
    let asked = Stocktaking { product_id, delta: Delta::parse(&change)?, by: operator.actor(), key: key(&request)? };
    Ok(match store.change_stock(&asked).await? {
        Told::Now(product) => answer::found(&product),
        Told::Again(product) => {
            let mut response = answer::found(&product);
            response.headers_mut().insert(
                actix_web::http::header::HeaderName::from_static(IDEMPOTENT_REPLAYED),
                actix_web::http::header::HeaderValue::from_static("true"),
            );
            response
        }
    })
}

fn key(request: &HttpRequest) -> Result<Option<IdempotencyKey>, OrderError> {
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    IdempotencyKey::parse(value.to_str().unwrap_or_default()).map(Some)
}
