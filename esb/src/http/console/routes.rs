//! `GET /esb/routes`

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use contracts::{Page, Problem};
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

/// The routes that run now.
#[utoipa::path(get, path = "/esb/routes", operation_id = "list_routes", tag = "esb", responses(
    (status = 200, body = Page<RouteEntry>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(_: Operator, running: Data<Arc<RunningRoutes>>) -> HttpResponse {
    HttpResponse::Ok().json(Page { items: running.0.clone(), next_cursor: None })
}
