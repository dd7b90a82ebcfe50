//! `GET /products`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Caller;
use chassis::http::{Query, page_limit};
use contracts::{Page, Problem, Product};
use serde::Deserialize;
use utoipa::IntoParams;

use super::find::range;
use crate::http::answer;
use crate::store::{ProductFilter, ProductPlace, Store};

/// Its schema has the name of the alias.
type ProductList = Page<Product>;

/// Which products are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// What name, SKU or description holds, whatever the case.
    #[param(max_length = 200)]
    query: Option<String>,
    /// How many items at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the catalogue by name; operators see what is no longer sold, too.
#[utoipa::path(
    get, path = "/products", operation_id = "list_products", tag = "products",
    params(Wanted),
    responses(
        (status = 200, description = "a page of products", body = ProductList),
        (status = 422, description = "a parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list(
    caller: Option<Caller>,
    store: Data<Store>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Failure> {
    let limit = page_limit(wanted.limit)?;
    let text = wanted.query.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let after = answer::place::<ProductPlace>(wanted.cursor.as_deref())?;
    let filter = ProductFilter { text, range: range(caller.as_ref()), after, limit: limit + 1 };
    let products = store.list_products(&filter).await?;
    Ok(HttpResponse::Ok().json(answer::page(products, limit, ProductPlace::of)?))
}
