//! `GET /products/{id}`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Caller;
use chassis::http::IdPath;
use contracts::{Problem, Product};

use crate::domain::OrderError;
use crate::http::answer;
use crate::store::{Range, Store};

/// What a caller sees of the catalogue.
pub(super) fn range(caller: Option<&Caller>) -> Range {
    if caller.is_some_and(Caller::is_operator) { Range::All } else { Range::Active }
}

/// Shows a product, with its price and what is in stock.
#[utoipa::path(
    get, path = "/products/{id}", operation_id = "get_product", tag = "products",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 200, description = "the product", body = Product),
        (status = 404, description = "none, or no longer sold", body = Problem,
         content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn find(
    caller: Option<Caller>,
    store: Data<Store>,
    IdPath(id): IdPath<Product>,
) -> Result<HttpResponse, Failure> {
    let product = store.find_product(id).await?;
    if !product.document.active && range(caller.as_ref()) == Range::Active {
        return Err(OrderError::NotFound.into());
    }
    Ok(answer::found(&product))
}
