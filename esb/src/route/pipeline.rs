//! The way of a request: found in the table, counted, let in, checked, and sent where its route says.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use actix_web::http::header::{ALLOW, AUTHORIZATION, HeaderValue};
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, dev};
use chassis::auth::Caller;
use chassis::http::{BodyLimit, RouteName};
use chassis::{Failure, Kind, Tasks};
use metrics::Histogram;
use tokio::runtime::Handle;

use super::file::{Format, Route, Target};
use super::table::{Found, Table};
use super::{forward, placement, placing};
use crate::endpoint::http_in::Held;
use crate::endpoint::http_out::{Intake, Proxy};
use crate::messages::{Exchange, Messages, record_http};
use crate::policy::{Limit, Networks, Origin, Replay, admit, check_accept, check_content};
use crate::registry::Resolver;
use crate::saga::Engine;

/// What all requests share.
pub struct Bus {
    /// Which route takes what.
    pub table: Table<Ready>,
    /// Whose `X-Forwarded-*` are believed.
    pub trusted: Networks,
    /// Where services are.
    pub resolver: Resolver,
    /// Commands under keys.
    pub replay: Replay,
    /// Sagas.
    pub sagas: Engine,
    /// What has passed.
    pub messages: Messages,
    /// Where work runs that outlives its request.
    pub tasks: Tasks,
    /// Where sagas run: a server's thread ends before they do.
    pub runtime: Handle,
}

/// A route, ready for requests.
pub struct Ready {
    /// As it was written.
    pub route: Route,
    /// How often.
    pub limit: Arc<Limit>,
    /// How much of a body, and how patiently.
    pub body: BodyLimit,
    /// For the answer to begin.
    pub timeout: Duration,
    /// How long its requests take.
    pub seconds: OnceLock<Histogram>,
}

/// A request on its way.
pub(super) struct Passage<'a> {
    pub(super) bus: &'a Data<Bus>,
    pub(super) proxy: &'a Proxy,
    pub(super) ready: &'a Ready,
    pub(super) values: Vec<&'a str>,
    pub(super) request: &'a HttpRequest,
    pub(super) origin: Origin,
    pub(super) caller: Option<Caller>,
}

/// Takes every request that is not the ESB's own.
pub async fn take(
    request: HttpRequest,
    payload: web::Payload,
    bus: Data<Bus>,
    proxy: Data<Proxy>,
) -> Result<HttpResponse, Failure> {
    let began = Instant::now();
    let (ready, values) = match bus.table.find(request.method(), request.uri().path()) {
        Found::Route(ready, values) => (ready, values),
        Found::Methods(methods) => return Ok(not_with_this_method(&request, &methods)),
        Found::Nothing => return Err(nothing_here()),
    };
    request.extensions_mut().insert(RouteName(ready.route.name.as_str().into()));
    let (payload, held) = Held::take(&request, payload.into_inner());
    let origin = bus.trusted.origin(&request).ok_or_else(nothing_here)?;
    let subject = subject(&request);
    let (standing, counted) = ready.limit.count(subject.as_ref().map(Caller::subject), origin.client);
    let answered = match counted {
        Ok(()) => {
            let passage = Passage { bus: &bus, proxy: &proxy, ready, values, request: &request, origin, caller: None };
            passage.go(payload).await
        }
        Err(failure) => Err(failure),
    };
    let mut response = answered.unwrap_or_else(|failure| failure.error_response());
    standing.write(response.headers_mut());
    ready.record(began.elapsed());
    let caller = subject.as_ref().map(Caller::actor);
    let exchange = Exchange { request: &request, route: &ready.route, caller, began };
    let response = record_http(&bus.messages, &exchange, response);
    Ok(held.until_sent(response))
}

impl Passage<'_> {
    async fn go(mut self, payload: dev::Payload) -> Result<HttpResponse, Failure> {
        let route = &self.ready.route;
        self.caller = admit(&route.allow, self.request)?;
        if route.format == Format::Json {
            check_accept(self.request.headers())?;
            check_content(self.request)?;
        }
        match &route.to {
            Target::Service(to) => forward::send(self, to, payload).await,
            Target::Saga(_) => placing::place(self, payload).await,
            Target::Outcome(_) => placement::tell(self).await,
        }
    }

    pub(super) fn intake(&self) -> Intake {
        Intake { limit: self.ready.body, stall_max: self.ready.timeout }
    }
}

impl Ready {
    fn record(&self, elapsed: Duration) {
        let name = || metrics::histogram!("esb_route_seconds", "route" => self.route.name.clone());
        self.seconds.get_or_init(name).record(elapsed.as_secs_f64());
    }
}

/// Whoever holds a good token, whether the route asks for one or not.
fn subject(request: &HttpRequest) -> Option<Caller> {
    if !request.headers().contains_key(AUTHORIZATION) {
        return None;
    }
    Caller::from_request(request, &mut dev::Payload::None).into_inner().ok()
}

fn not_with_this_method(request: &HttpRequest, methods: &[&actix_web::http::Method]) -> HttpResponse {
    let detail = format!("{} is not for this path", request.method());
    let mut response = Failure::new(Kind::MethodNotAllowed, "method-not-allowed", detail).error_response();
    let mut names = methods.iter().map(|method| method.as_str()).collect::<Vec<_>>();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    if let Ok(allowed) = HeaderValue::from_str(&names.join(", ")) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

fn nothing_here() -> Failure {
    Failure::new(Kind::Missing, "not-found", "there is nothing here; /docs lists what there is")
}
