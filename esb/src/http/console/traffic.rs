//! `GET /esb/traffic`

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use chassis::http::Query;
use chassis::{Failure, Kind};
use chrono::{DateTime, Utc};
use contracts::{FieldError, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::map::Sights;
use crate::messages;

/// How far back, where nothing is said.
const SPAN_S: u64 = 900;

/// How far back.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrafficQuery {
    /// So many seconds, 60 to 86400; 900 where absent.
    #[param(minimum = 60, maximum = 86_400, default = 900)]
    seconds: Option<u64>,
}

/// What passed the bus, step by step, the oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Traffic {
    /// When the last step ended; the one that still fills is not told.
    ends_at: DateTime<Utc>,
    /// How long a step is: 5 seconds up to an hour, 60 beyond.
    step_seconds: u64,
    /// By route, whichever door it came by.
    routes: Vec<Series>,
    /// The calls that the bus made, by service.
    services: Vec<Series>,
    /// How much was in use of what there is only so much of.
    saturation: Vec<Saturation>,
}

/// What passed one way.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Series {
    /// The route's name, or the service's.
    name: String,
    /// All there were, whatever came of them.
    requests: Vec<u32>,
    /// Of these, those that were refused by the caller's fault.
    refused: Vec<u32>,
    /// Of these, those that failed by ours, or became dead letters.
    failed: Vec<u32>,
    /// What half of them took at most, in milliseconds; null where there were none.
    p50_ms: Vec<Option<f64>>,
    /// What 95 of a hundred took at most.
    p95_ms: Vec<Option<f64>>,
    /// What 99 of a hundred took at most.
    p99_ms: Vec<Option<f64>>,
}

/// How much was in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Saturation {
    /// Of what: `database` (connections), `sagas` (under way here), `streams` (open).
    name: &'static str,
    /// The most within each step; null where nobody looked, as before the start.
    used: Vec<Option<u64>>,
    /// How much there is.
    limit: u64,
}

/// How much passed this instance of the bus, how fast and how well. The figures are kept in its memory, for a day.
#[utoipa::path(get, path = "/esb/traffic", operation_id = "read_traffic", tag = "esb", params(TrafficQuery), responses(
    (status = 200, body = Traffic),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    _: Operator,
    Query(query): Query<TrafficQuery>,
    sights: Data<Sights>,
) -> Result<HttpResponse, Failure> {
    let span = query.seconds.unwrap_or(SPAN_S);
    if !(60..=86_400).contains(&span) {
        let wrong = FieldError::new("/seconds", "must be 60 to 86400");
        let detail = "`seconds` must be 60 to 86400";
        return Err(Failure::new(Kind::Invalid, "invalid-query", detail).with_errors(vec![wrong]));
    }
    // A day of all routes is much to add up, and requests wait behind this one.
    let traffic = sights.traffic.clone();
    let told = actix_web::web::block(move || Traffic::from(traffic.told(span))).await;
    let told = told.map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
    Ok(HttpResponse::Ok().json(told))
}

impl From<messages::Told> for Traffic {
    fn from(told: messages::Told) -> Self {
        let saturation = |messages::Usage { name, used, limit }| Saturation { name, used, limit };
        Self {
            ends_at: told.ends_at,
            step_seconds: told.step_seconds,
            routes: told.routes.into_iter().map(Series::from).collect(),
            services: told.services.into_iter().map(Series::from).collect(),
            saturation: told.saturation.into_iter().map(saturation).collect(),
        }
    }
}

impl From<messages::Series> for Series {
    fn from(series: messages::Series) -> Self {
        let messages::Series { name, requests, refused, failed, quantiles: [p50_ms, p95_ms, p99_ms] } = series;
        Self { name, requests, refused, failed, p50_ms, p95_ms, p99_ms }
    }
}
