//! `GET /esb/routes`

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use chassis::http::{Cursor, Query, page_limit};
use chassis::{Failure, Kind};
use contracts::{Page, PageQuery, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::route::Route;

/// The running routes, as operators see them.
pub struct RunningRoutes(pub Vec<RouteEntry>);

/// A route.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RouteEntry {
    /// The file it was written in.
    pub file: String,
    /// As it was written.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub route: Route,
}

impl RunningRoutes {
    /// By name, of which each has its own.
    pub fn new(mut entries: Vec<RouteEntry>) -> Self {
        entries.sort_by(|one, other| one.route.name.cmp(&other.route.name));
        Self(entries)
    }
}

/// The routes that run now, by name.
#[utoipa::path(get, path = "/esb/routes", operation_id = "list_routes", tag = "esb", params(PageQuery), responses(
    (status = 200, body = Page<RouteEntry>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    _: Operator,
    Query(query): Query<PageQuery>,
    running: Data<Arc<RunningRoutes>>,
) -> Result<HttpResponse, Failure> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let after = query.cursor.as_deref().map(Cursor::read::<String>).transpose()?;
    let is_behind = |entry: &&RouteEntry| after.as_ref().is_none_or(|name| entry.route.name > *name);
    // One more than asked for tells whether there is a next page.
    let mut items = running.0.iter().filter(is_behind).take(limit + 1).cloned().collect::<Vec<_>>();
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(|entry| Cursor::write(&entry.route.name));
    let next_cursor = last.transpose().map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}
