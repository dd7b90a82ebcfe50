//! `GET /esb/routes/match`

use std::collections::BTreeMap;
use std::sync::Arc;

use ::http::Method;
use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use chassis::http::Query;
use chassis::{Failure, Kind};
use contracts::{FieldError, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{RouteEntry, RunningRoutes};
use crate::route::pipeline::Bus;
use crate::route::{Doors, Found};

/// What comes: by HTTP (`method` and `path`), or by one of the other three.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MatchQuery {
    /// A method, such as `GET`.
    method: Option<String>,
    /// A path, as it stands in a request; what follows a `?` counts for nothing.
    path: Option<String>,
    /// A routing key of `esb_exchange`.
    key: Option<String>,
    /// An operation of the SOAP service.
    operation: Option<String>,
    /// The type of an event.
    event: Option<String>,
}

/// The route that takes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RouteMatch {
    /// The route.
    route: RouteEntry,
    /// The values of its path's parameters, as they stand in the path.
    parameters: BTreeMap<String, String>,
}

/// Which of the running routes takes a request, message, call or event.
#[utoipa::path(get, path = "/esb/routes/match", operation_id = "match_route", tag = "esb", params(MatchQuery), responses(
    (status = 200, body = RouteMatch),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "no route takes it"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    _: Operator,
    Query(query): Query<MatchQuery>,
    running: Data<Arc<RunningRoutes>>,
    bus: Data<Bus>,
) -> Result<HttpResponse, Failure> {
    let (name, parameters) = match query {
        MatchQuery { method: Some(method), path: Some(path), key: None, operation: None, event: None } => {
            by_http(&bus, &method, &path)?
        }
        MatchQuery { method: None, path: None, key: Some(key), operation: None, event: None } => {
            by_door(&running, |doors| doors.amqp.as_ref() == Some(&key))?
        }
        MatchQuery { method: None, path: None, key: None, operation: Some(name), event: None } => {
            by_door(&running, |doors| doors.soap.as_ref() == Some(&name))?
        }
        MatchQuery { method: None, path: None, key: None, operation: None, event: Some(event) } => {
            by_door(&running, |doors| doors.event.as_ref() == Some(&event))?
        }
        _ => return Err(wrong("", "`method` and `path`, or one of `key`, `operation` and `event`, are wanted")),
    };
    let route = running.0.iter().find(|entry| entry.route.name == name).cloned().ok_or_else(nothing)?;
    Ok(HttpResponse::Ok().json(RouteMatch { route, parameters }))
}

type Matched = (String, BTreeMap<String, String>);

fn by_http(bus: &Bus, method: &str, path: &str) -> Result<Matched, Failure> {
    let method = method.parse::<Method>().map_err(|_none| wrong("/method", "is no method"))?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let Found::Route(ready, values) = bus.table.find(&method, path) else { return Err(nothing()) };
    let names = ready.route.from.http.iter().flat_map(|http| http.path.parameters());
    let parameters = names.map(str::to_owned).zip(values.into_iter().map(str::to_owned)).collect();
    Ok((ready.route.name.clone(), parameters))
}

fn by_door(running: &RunningRoutes, takes: impl Fn(&Doors) -> bool) -> Result<Matched, Failure> {
    let found = running.0.iter().find(|entry| takes(&entry.route.from)).ok_or_else(nothing)?;
    Ok((found.route.name.clone(), BTreeMap::new()))
}

fn wrong(pointer: &str, detail: &str) -> Failure {
    Failure::new(Kind::Invalid, "invalid-query", detail).with_errors(vec![FieldError::new(pointer, detail)])
}

fn nothing() -> Failure {
    Failure::new(Kind::Missing, "route-not-found", "no route takes it")
}
