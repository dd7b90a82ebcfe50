//! The routes of the files, ready for requests and messages.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chassis::BoxError;
use chassis::bus::{DEAD_LETTERS, DOMAIN_EVENTS, Topology};
use chassis::http::BodyLimit;

use super::settings::Settings;
use crate::endpoint::amqp_in::{self, Inlet, Pauses};
use crate::endpoint::broker::{Purpose, Watched};
use crate::endpoint::order_events;
use crate::messages::Traffic;
use crate::policy::Limits;
use crate::registry::Resolver;
use crate::route::pipeline::Ready;
use crate::route::{Known, Route, RouteError, RouteFile, Table, check, inlet};
use crate::saga::place_order;

/// What the parts need of the broker.
pub(super) fn topology(routes: &[Arc<Ready>], settings: &Settings) -> Topology {
    let inlets = routes.iter().filter_map(|ready| inlet(&ready.route)).collect::<Vec<_>>();
    let pauses = Pauses::new(settings.amqp.backoff_ms, settings.amqp.backoff_max_ms);
    amqp_in::topology(&inlets, &pauses).and(order_events::topology())
}

/// The queues that these need, for operators.
pub(super) fn queues(routes: &[Arc<Ready>], settings: &Settings) -> Vec<Watched> {
    let watched = |name: &str, purpose, route: Option<&str>| {
        let (name, route) = (name.to_owned(), route.map(str::to_owned));
        Watched { name, purpose, route }
    };
    let of_route = |inlet: Inlet<'_>| {
        let purpose = if inlet.exchange == DOMAIN_EVENTS { Purpose::Events } else { Purpose::Requests };
        let own = watched(&inlet.queue(), purpose, Some(inlet.route));
        let next = inlet.channel.map(|queue| watched(queue, Purpose::Channel, Some(inlet.route)));
        std::iter::once(own).chain(next)
    };
    let pauses = Pauses::new(settings.amqp.backoff_ms, settings.amqp.backoff_max_ms);
    let delays = pauses.queues().map(|name| watched(&name, Purpose::Delay, None)).collect::<Vec<_>>();
    let rest = [(DEAD_LETTERS, Purpose::DeadLetters), (order_events::QUEUE, Purpose::Events)];
    let inlets = routes.iter().filter_map(|ready| inlet(&ready.route)).flat_map(of_route);
    let rest = rest.into_iter().map(|(name, purpose)| watched(name, purpose, None));
    let mut seen = BTreeSet::new();
    // Two routes may pass on into one queue.
    inlets.chain(delays).chain(rest).filter(|queue| seen.insert(queue.name.clone())).collect()
}

/// Checked, with what the settings say.
pub(super) fn ready(
    files: &[RouteFile],
    limits: &Limits,
    settings: &Settings,
    traffic: &Traffic,
) -> Result<Vec<Arc<Ready>>, BoxError> {
    let known = Known { sagas: BTreeSet::from([place_order::NAME.to_owned()]), rates: limits.names() };
    let findings = check(files, &known);
    if !findings.is_empty() {
        return Err(RouteError(findings).into());
    }
    let make = |route: &Route| {
        let bytes_max = route.body_max_bytes.unwrap_or(settings.http.body_max_bytes);
        Ok(Arc::new(Ready {
            operation: route.operation(),
            limit: limits.find(&route.rate).ok_or("a rate that was there is gone")?,
            body: BodyLimit { bytes_max, timeout: settings.http.read_timeout() },
            timeout: Duration::from_millis(route.timeout_ms.unwrap_or(settings.upstream.timeout_ms)),
            seconds: OnceLock::new(),
            tally: traffic.route(&route.name),
            route: route.clone(),
        }))
    };
    files.iter().flat_map(|file| &file.routes).map(make).collect()
}

/// The services that routes name.
pub(super) fn services(files: &[RouteFile]) -> BTreeSet<String> {
    let routes = files.iter().flat_map(|file| &file.routes);
    routes.flat_map(Route::services).map(str::to_owned).collect()
}

/// Whoever is not there yet may come; a name that is misspelt never does.
pub(super) fn tell_unknown(files: &[RouteFile], resolver: &Resolver) {
    for name in services(files).iter().filter(|name| !resolver.is_of_settings(name)) {
        tracing::warn!(
            service.name = name,
            "routes lead to `{name}`, which the settings do not name: 503 until it registers"
        );
    }
}

/// By method and path.
pub(super) fn table(routes: &[Arc<Ready>]) -> Table<Arc<Ready>> {
    let mut table = Table::default();
    for ready in routes {
        if let Some(http) = &ready.route.from.http {
            table.insert(http, Arc::clone(ready));
        }
    }
    table
}
