//! What is on the map.

use std::collections::BTreeSet;
use std::time::Duration;

use chassis::Clock;
use contracts::ServiceCheck;

use super::draw::{Instance, Scene};
use super::{Edge, Health, Node};
use crate::endpoint::broker::{Depth, Purpose, Watched};
use crate::messages::{Door, Outcome, Traffic};
use crate::registry::Probe;
use crate::route::RouteFile;

const ROUTES: &str = r#"
[[route]]
name = "place"
from = { http = "POST /orders", amqp = "order.place" }
to = { service = "order-service /orders" }
allow = ["anyone"]

[[route]]
name = "pass"
from = { event = "order.confirmed" }
to = { queue = "warehouse" }
allow = ["anyone"]

[[route]]
name = "lost"
from = { http = "GET /lost" }
to = { service = "lost-service /lost" }
allow = ["anyone"]
"#;

fn instance(mysql: &str) -> Instance {
    let healthy = mysql == "up";
    let check = |name: &str, healthy| ServiceCheck { name: name.to_owned(), healthy, detail: None };
    let checks = vec![check("mysql", healthy), check("rabbitmq", true), check("keys", true)];
    let probe = Probe { ready: healthy, latency: None, checks: Some(checks) };
    Instance { name: "order-service".to_owned(), probe }
}

fn watched(name: &str, purpose: Purpose, route: Option<&str>) -> Watched {
    Watched { name: name.to_owned(), purpose, route: route.map(str::to_owned) }
}

/// The map of a shop in trouble.
fn drawn() -> (Vec<Node>, Vec<Edge>) {
    let routes = RouteFile::parse("test.toml", ROUTES).unwrap().routes;
    let traffic = Traffic::new(&Clock::real());
    for outcome in [Outcome::Done, Outcome::Failed] {
        traffic.route("place").count(Door::Amqp, outcome, Duration::from_millis(3));
        traffic.ask(Some("order-service"), Duration::from_secs(1)).answered(outcome);
    }
    let queues = [
        watched("esb.place", Purpose::Requests, Some("place")),
        watched("esb.pass", Purpose::Events, Some("pass")),
        watched("warehouse", Purpose::Channel, Some("pass")),
        watched("dead_letters", Purpose::DeadLetters, None),
        watched("esb.order-events", Purpose::Events, None),
    ];
    let depths = queues.iter().zip([Some((3, 1)), Some((0, 0)), Some((1, 0)), None, Some((0, 1))]);
    let depths = depths.map(|(queue, found)| Depth { queue: queue.clone(), found }).collect::<Vec<_>>();
    let scene = Scene {
        routes: &routes,
        traffic: &traffic,
        queues: &queues,
        depths: Some(&depths),
        instances: vec![instance("up"), instance("down")],
        database: true,
        broker: Some(true),
    };
    scene.draw()
}

#[test]
fn everybody_is_on_it_once_and_every_edge_leads_from_one_to_another() {
    let (nodes, edges) = drawn();
    let ids = nodes.iter().map(|node| node.id.as_str()).collect::<BTreeSet<_>>();
    assert_eq!(ids.len(), nodes.len());
    for Edge { from, to, .. } in &edges {
        assert!(ids.contains(from.as_str()) && ids.contains(to.as_str()), "{from} {to}");
    }
}

#[test]
fn who_is_not_well_says_why() {
    let (nodes, _) = drawn();
    let health = |id: &str| nodes.iter().find(|node| node.id == id).map(|node| (node.health, node.detail.as_deref()));
    assert_eq!(health("service:order-service"), Some((Health::Degraded, Some("1 of 2 ready; not there: mysql"))));
    assert_eq!(health("engine:order-service/mysql"), Some((Health::Degraded, None)));
    assert_eq!(health("service:lost-service"), Some((Health::Bad, Some("no instance is known"))));
    assert_eq!(health("queue:esb.place"), Some((Health::Good, None)));
    assert_eq!(health("queue:esb.pass"), Some((Health::Degraded, Some("nobody consumes it"))));
    assert_eq!(health("queue:warehouse"), Some((Health::Good, None)));
    assert_eq!(health("queue:dead_letters"), Some((Health::Bad, Some("the broker has no such queue"))));
}

#[test]
fn what_passed_within_the_last_minute_is_on_its_edges() {
    let (_, edges) = drawn();
    let rates = |from: &str, to: &str| {
        let edge = edges.iter().find(|edge| (edge.from.as_str(), edge.to.as_str()) == (from, to)).unwrap();
        (edge.rate.unwrap() > 0.0, edge.failed_rate.unwrap() > 0.0, edge.p95_ms.is_some())
    };
    assert_eq!(rates("client:amqp-producers", "exchange:esb_exchange"), (true, true, false));
    assert_eq!(rates("exchange:esb_exchange", "queue:esb.place"), (true, false, false));
    assert_eq!(rates("queue:esb.place", "bus:esb"), (true, true, true));
    assert_eq!(rates("bus:esb", "service:order-service"), (true, true, true));
    assert_eq!(rates("client:http-clients", "bus:esb"), (false, false, false));
}
