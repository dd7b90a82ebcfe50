//! `PATCH /products/{id}`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{IdPath, Json, if_match};
use contracts::{Problem, Product, ProductChange};

use crate::domain::{Edit, Wanted};
use crate::http::answer;
use crate::store::Store;

/// What a change came with.
pub(crate) type Target = (IdPath<Product>, HttpRequest);

/// Changes an entry of the catalogue; what is absent stays.
#[utoipa::path(
    patch, path = "/products/{id}", operation_id = "change_product", tag = "products",
    params(
        ("id" = String, Path, format = Uuid),
        ("If-Match" = Option<String>, Header, description = "the `ETag` that the change was made for"),
    ),
    request_body = ProductChange, security(("bearer" = [])),
    responses(
        (status = 200, description = "changed", body = Product),
        (status = 400, description = "not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "no token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "for operators", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "none", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`sku-taken`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`stale`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "a field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn edit(
    _: Operator,
    store: Data<Store>,
    target: Target,
    change: Result<Json<ProductChange>, Failure>,
) -> Result<HttpResponse, Failure> {
    let (IdPath(id), request) = target;
    store.find_product(id).await?;
    let Json(change) = change?;
    let edit = Edit::parse(&change)?;
    let versions = if_match(&request).map(|tags| tags.into_iter().map(|tag| tag.0).collect());
    let wanted = versions.map_or(Wanted::Any, Wanted::OneOf);
    Ok(answer::found(&store.edit_product(id, &edit, &wanted).await?))
}
