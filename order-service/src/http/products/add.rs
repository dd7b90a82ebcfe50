//! `POST /products`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::Json;
use contracts::{NewProduct, Problem, Product};

use crate::domain::Entry;
use crate::http::answer;
use crate::store::Store;

/// Adds a product to the catalogue; its stock starts at 0.
#[utoipa::path(
    post, path = "/products", operation_id = "add_product", tag = "products",
    request_body = NewProduct, security(("bearer" = [])),
    responses(
        (status = 201, description = "added", body = Product),
        (status = 400, description = "not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "for operators", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`sku-taken`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "a field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add(_: Operator, store: Data<Store>, Json(new): Json<NewProduct>) -> Result<HttpResponse, Failure> {
    let product = store.add_product(Entry::parse(&new)?).await?;
    let location = format!("/products/{}", product.document.id);
    Ok(answer::created(&product, location))
}
