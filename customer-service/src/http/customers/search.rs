//! `GET /customers`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::http::{Cursor, Query, page_limit};
use chassis::{Failure, is_xml_text};
use contracts::{Customer, FieldError, Id, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::access::Searcher;
use crate::http::page::page;
use crate::http::told::told;
use crate::store::{Search, Store};

const PART_MAX: usize = 254;

/// Which customers are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct SearchQuery {
    /// A part of the e-mail address or of the name, in any case.
    query: Option<String>,
    /// How many at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Customers, the newest first; for operators and the scope `customers:read`.
#[utoipa::path(
    get, path = "/customers", operation_id = "search_customers", tag = "customers", security(("bearer" = [])),
    params(SearchQuery),
    responses(
        (status = 200, body = Page<Customer>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn search(
    _: Searcher,
    store: Data<Store>,
    Query(query): Query<SearchQuery>,
) -> Result<HttpResponse, Failure> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(Cursor::read::<Id<Customer>>).transpose()?;
    let search = Search { part: part(query.query)?, before, limit: limit + 1 };
    let found = store.search(&search).await.map_err(told)?;
    Ok(HttpResponse::Ok().json(page(found, limit, |customer| customer.id)?))
}

fn part(query: Option<String>) -> Result<Option<String>, Failure> {
    let Some(text) = query.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > PART_MAX || !is_xml_text(&text) {
        let detail = format!("must have at most {PART_MAX} characters, and no control characters");
        return Err(Failure::invalid(vec![FieldError::new("/query", detail)]));
    }
    Ok(Some(text))
}
