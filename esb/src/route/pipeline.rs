//! The way of a request, whichever door it took: checked, and sent where its route says.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chassis::auth::Caller;
use chassis::http::{BodyLimit, wrong_query};
use chassis::{Failure, Kind, Tasks};
use contracts::{FieldError, pointer};
use metrics::Histogram;
use tokio::runtime::Handle;

use super::file::{Format, Route, Target};
use super::mediation::{Interpreter, Mediator};
use super::pattern::HttpPattern;
use super::table::Table;
use super::{forward, placing};
use crate::endpoint::http_out::{Intake, Proxy};
use crate::endpoint::message::{Answer, Request};
use crate::messages::{Door, Messages, Outcome, Tally};
use crate::policy::{Formats, IdempotencyKey, KEY_HEADER, Limit, Networks, Replay};
use crate::registry::Resolver;
use crate::saga::Engine;

/// More wrong names in a query are not gone into.
const NAMES_MAX: usize = 20;

/// What all requests share.
pub struct Bus {
    /// Which route takes what comes by HTTP.
    pub table: Table<Arc<Ready>>,
    /// Whose `X-Forwarded-*` are believed.
    pub trusted: Networks,
    /// Documents as XML.
    pub mediator: Mediator,
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
    /// The method and path of its requests; `None` where they are passed on unread.
    pub operation: Option<HttpPattern>,
    /// How often.
    pub limit: Arc<Limit>,
    /// How much of a body, and how patiently.
    pub body: BodyLimit,
    /// For the answer to begin.
    pub timeout: Duration,
    /// How long its requests take.
    pub seconds: OnceLock<Histogram>,
    /// What passes it, for operators.
    pub tally: Tally,
}

/// A request on its way.
pub(super) struct Passage<'a> {
    pub(super) bus: &'a Bus,
    pub(super) proxy: &'a Proxy,
    pub(super) ready: &'a Ready,
    pub(super) values: Vec<&'a str>,
    pub(super) request: Request,
    pub(super) caller: Option<Caller>,
}

impl Passage<'_> {
    /// To its target, and back with the answer. The caller was let in before.
    pub(super) async fn go(self) -> Result<Answer, Failure> {
        if !matches!(self.ready.route.to, Target::Service(_)) {
            self.refuse_query()?;
        }
        match &self.ready.route.to {
            Target::Service(to) => forward::send(self, to).await,
            Target::Saga(_) => placing::place(self).await,
            Target::Outcome(_) => placing::tell(self).await,
            Target::Gather(parts) => forward::gather(self, parts).await,
            Target::Queue(_) => Err(Failure::new(Kind::Missing, "not-found", "nobody answers here")),
        }
    }

    /// What services take in a query they know themselves; what ends with us takes nothing there.
    fn refuse_query(&self) -> Result<(), Failure> {
        let named = url::form_urlencoded::parse(self.request.query().unwrap_or_default().as_bytes());
        let errors =
            named.map(|(name, _)| FieldError::new(pointer([&*name]), "is not a parameter of this; it has none"));
        let errors = errors.take(NAMES_MAX).collect::<Vec<_>>();
        if errors.is_empty() { Ok(()) } else { Err(wrong_query(errors)) }
    }

    /// The key, where there is one and somebody to own it.
    pub(super) fn key(&self) -> Option<Result<IdempotencyKey, Failure>> {
        let header = self.request.headers.get(KEY_HEADER).filter(|_| self.caller.is_some())?;
        Some(IdempotencyKey::parse(header.as_bytes()))
    }
}

impl Ready {
    /// Who turns the documents of a request with these headers; `None` where nobody looks at them. Fails where what
    /// comes, or is wanted back, is no document that the bus knows.
    pub(super) fn interpreter(&self, bus: &Bus, headers: &::http::HeaderMap) -> Result<Option<Interpreter>, Failure> {
        if self.route.format == Format::Any {
            return Ok(None);
        }
        Interpreter::new(&bus.mediator, &self.route.name, Formats::of(headers)?).map(Some)
    }

    pub(super) fn intake(&self) -> Intake {
        Intake { limit: self.body, stall_max: self.timeout }
    }

    /// Counts a request that came by `door` and was answered with `status`.
    pub(super) fn record(&self, door: Door, status: u16, elapsed: Duration) {
        self.tally.count(door, Outcome::of_status(status), elapsed);
        let name = || metrics::histogram!("esb_route_seconds", "route" => self.route.name.clone());
        self.seconds.get_or_init(name).record(elapsed.as_secs_f64());
    }
}
