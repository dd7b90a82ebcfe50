//! `GET /esb/queues`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use chassis::{Failure, Fault, Kind};
use contracts::{Page, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::map::Sights;
use crate::endpoint::broker::{Away, Depth, Purpose};

/// A queue of the broker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Queue {
    /// Its name.
    name: String,
    /// What it is for.
    purpose: Purpose,
    /// The route that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<String>,
    /// How many messages wait in it; absent where the broker has no such queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<u32>,
    /// How many consumers it has; absent where the broker has no such queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    consumers: Option<u32>,
}

/// The queues that the bus needs, as the broker has them.
#[utoipa::path(get, path = "/esb/queues", operation_id = "list_queues", tag = "esb", responses(
    (status = 200, body = Page<Queue>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "the broker is away"),
))]
pub(crate) async fn list(_: Operator, sights: Data<Sights>) -> Result<HttpResponse, Failure> {
    let items = sights.depths.look().await?.iter().map(Queue::from).collect();
    Ok(HttpResponse::Ok().json(Page::<Queue> { items, next_cursor: None }))
}

impl From<&Depth> for Queue {
    fn from(depth: &Depth) -> Self {
        let (messages, consumers) = depth.found.unzip();
        let queue = depth.queue.clone();
        Self { name: queue.name, purpose: queue.purpose, route: queue.route, messages, consumers }
    }
}

impl Fault for Away {
    fn kind(&self) -> Kind {
        Kind::Unavailable
    }

    fn code(&self) -> &'static str {
        "broker-unavailable"
    }
}
