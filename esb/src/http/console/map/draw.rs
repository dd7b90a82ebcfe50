//! The map, drawn from what is known.

use std::collections::{BTreeMap, BTreeSet};

use chassis::bus::DOMAIN_EVENTS;

use super::{Edge, EdgeKind, Health, Node, NodeKind};
use crate::endpoint::amqp_in::{ESB_EXCHANGE, queue_of};
use crate::endpoint::broker::{Depth, Purpose, Watched};
use crate::messages::{Door, Minute, Traffic};
use crate::registry::{OWN_NAME, Probe};
use crate::route::{Route, Target, inlet};

const BUS: &str = "bus:esb";
const BROKER: &str = "rabbitmq";
/// What services need that is no engine: the keys that tokens are checked with.
const KEYS: &str = "keys";
/// From this share of failures on, in hundredths, somebody who answers is not well.
const FAILING: f64 = 0.05;

/// What is known.
pub(super) struct Scene<'a> {
    pub(super) routes: &'a [Route],
    pub(super) traffic: &'a Traffic,
    pub(super) queues: &'a [Watched],
    /// None where the broker could not be asked.
    pub(super) depths: Option<&'a [Depth]>,
    pub(super) instances: Vec<Instance>,
    /// Whether our own database answers.
    pub(super) database: bool,
    /// Whether there is a connection; None where there is to be none.
    pub(super) broker: Option<bool>,
}

/// An instance of a service.
pub(super) struct Instance {
    pub(super) name: String,
    pub(super) probe: Probe,
}

/// The map, as far as it is drawn.
type Map = (Vec<Node>, Vec<Edge>);

impl Scene<'_> {
    pub(super) fn draw(&self) -> Map {
        let mut map = (Vec::new(), Vec::new());
        self.bus(&mut map);
        self.clients(&mut map);
        for (name, instances) in self.services() {
            self.service(name, &instances, &mut map);
        }
        if self.broker.is_some() {
            self.messaging(&mut map);
        }
        map
    }

    /// Those that are there, and those that routes want to be there.
    fn services(&self) -> BTreeMap<&str, Vec<&Probe>> {
        let wanted = self.routes.iter().flat_map(Route::services).map(|name| (name, Vec::new()));
        let mut services = wanted.collect::<BTreeMap<_, _>>();
        for instance in self.instances.iter().filter(|instance| instance.name != OWN_NAME) {
            services.entry(&instance.name).or_default().push(&instance.probe);
        }
        services
    }

    fn bus(&self, (nodes, edges): &mut Map) {
        let own = self.instances.iter().filter(|instance| instance.name == OWN_NAME).count();
        let missing = [(!self.database).then_some("postgresql"), (self.broker == Some(false)).then_some(BROKER)];
        let missing = missing.into_iter().flatten().collect::<Vec<_>>();
        let health = if missing.is_empty() { Health::Good } else { Health::Degraded };
        let detail = (!missing.is_empty()).then(|| format!("not there: {}", missing.join(", ")));
        let instances = Some(own.max(1));
        nodes.push(Node { health, detail, instances, ..node(NodeKind::Bus, OWN_NAME) });
        let id = format!("engine:{OWN_NAME}/postgresql");
        let health = if self.database { Health::Good } else { Health::Bad };
        nodes.push(Node { id: id.clone(), health, ..node(NodeKind::Engine, "postgresql") });
        edges.push(unseen(BUS, &id, EdgeKind::Database));
    }

    fn clients(&self, (nodes, edges): &mut Map) {
        let doors = [("http-clients", Door::Http, EdgeKind::Http), ("soap-clients", Door::Soap, EdgeKind::Soap)];
        for (name, door, kind) in doors {
            let client = node(NodeKind::Client, name);
            edges.push(edge((&client.id, BUS), kind, &self.traffic.minute_of_routes(door, |_| true)));
            nodes.push(client);
        }
    }

    fn service(&self, name: &str, instances: &[&Probe], (nodes, edges): &mut Map) {
        let asked = self.traffic.minute_of_service(name);
        let (health, detail) = health_of(instances, &asked);
        let service = Node { health, detail, instances: Some(instances.len()), ..node(NodeKind::Service, name) };
        edges.push(edge((BUS, &service.id), EdgeKind::Http, &asked));
        let checks = || instances.iter().filter_map(|probe| probe.checks.as_ref()).flatten();
        let names = checks().map(|check| check.name.as_str()).collect::<BTreeSet<_>>();
        for need in names.into_iter().filter(|need| *need != KEYS) {
            if need == BROKER {
                edges.push(unseen(&service.id, &exchange(DOMAIN_EVENTS), EdgeKind::Event));
                continue;
            }
            let told = checks().filter(|check| check.name == need).map(|check| check.healthy).collect::<Vec<_>>();
            let id = format!("engine:{name}/{need}");
            edges.push(unseen(&service.id, &id, EdgeKind::Database));
            nodes.push(Node { id, health: health_of_all(&told), ..node(NodeKind::Engine, need) });
        }
        nodes.push(service);
    }

    fn messaging(&self, (nodes, edges): &mut Map) {
        let up = if self.broker == Some(true) { Health::Good } else { Health::Bad };
        let broker = Node { health: up, ..node(NodeKind::Engine, BROKER) };
        edges.push(unseen(BUS, &broker.id, EdgeKind::Amqp));
        nodes.push(broker);
        nodes.extend([ESB_EXCHANGE, DOMAIN_EVENTS].map(|name| Node { health: up, ..node(NodeKind::Exchange, name) }));
        let producers = node(NodeKind::Client, "amqp-producers");
        let has_key = |name: &str| self.routes.iter().any(|route| route.name == name && route.from.amqp.is_some());
        let sent = self.traffic.minute_of_routes(Door::Amqp, has_key);
        let sent = Minute { p95_ms: None, ..sent };
        edges.push(edge((&producers.id, &exchange(ESB_EXCHANGE)), EdgeKind::Amqp, &sent));
        nodes.push(producers);
        nodes.extend(self.queues.iter().map(|queue| self.queue(queue)));
        edges.extend(self.queues.iter().filter_map(own));
        edges.extend(self.routes.iter().flat_map(|route| self.inlet(route)));
    }

    fn queue(&self, queue: &Watched) -> Node {
        let depth = self.depths.and_then(|depths| depths.iter().find(|depth| depth.queue == *queue));
        let (messages, consumers) = depth.and_then(|depth| depth.found).unzip();
        let (health, detail) = match (depth, consumers) {
            (None, _) => (Health::Unknown, None),
            (Some(_), None) => (Health::Bad, Some("the broker has no such queue")),
            // Whoever consumes what is passed on is none of ours, and need not be there.
            (Some(_), Some(0)) if !matches!(queue.purpose, Purpose::Delay | Purpose::Channel) => {
                (Health::Degraded, Some("nobody consumes it"))
            }
            (Some(_), Some(_)) => (Health::Good, None),
        };
        let detail = detail.map(str::to_owned);
        Node { health, detail, messages, consumers, ..node(NodeKind::Queue, &queue.name) }
    }

    /// The way of a route's messages: from its exchange into its queue, to us, and into the queue they are passed on to.
    fn inlet(&self, route: &Route) -> Vec<Edge> {
        let Some(inlet) = inlet(route) else { return Vec::new() };
        let kind =
            if route.from.event.is_some() && route.from.amqp.is_none() { EdgeKind::Event } else { EdgeKind::Amqp };
        let passed = self.traffic.minute_of_routes(Door::Amqp, |name| name == route.name);
        let arrived = Minute { failed_rate: 0.0, p95_ms: None, ..passed.clone() };
        let queue = node(NodeKind::Queue, &queue_of(&route.name)).id;
        let mut edges =
            vec![edge((&exchange(inlet.exchange), &queue), kind, &arrived), edge((&queue, BUS), kind, &passed)];
        if let Target::Queue(to) = &route.to {
            edges.push(edge((BUS, &node(NodeKind::Queue, to).id), EdgeKind::Amqp, &passed));
        }
        edges
    }
}

/// The edges of queues that belong to no route.
fn own(queue: &Watched) -> Option<Edge> {
    let id = node(NodeKind::Queue, &queue.name).id;
    match queue.purpose {
        Purpose::DeadLetters | Purpose::Delay => Some(unseen(BUS, &id, EdgeKind::Amqp)),
        Purpose::Events if queue.route.is_none() => Some(unseen(&exchange(DOMAIN_EVENTS), &id, EdgeKind::Event)),
        Purpose::Events | Purpose::Requests | Purpose::Channel => None,
    }
}

fn node(kind: NodeKind, name: &str) -> Node {
    let prefix = match kind {
        NodeKind::Client => "client",
        NodeKind::Bus => "bus",
        NodeKind::Service => "service",
        NodeKind::Engine => "engine",
        NodeKind::Exchange => "exchange",
        NodeKind::Queue => "queue",
    };
    let (id, name) = (format!("{prefix}:{name}"), name.to_owned());
    Node { id, kind, name, health: Health::Unknown, detail: None, instances: None, messages: None, consumers: None }
}

fn exchange(name: &str) -> String {
    node(NodeKind::Exchange, name).id
}

fn edge((from, to): (&str, &str), kind: EdgeKind, passed: &Minute) -> Edge {
    let (rate, failed_rate) = (Some(passed.rate), Some(passed.failed_rate));
    Edge { from: from.to_owned(), to: to.to_owned(), kind, rate, failed_rate, p95_ms: passed.p95_ms }
}

fn unseen(from: &str, to: &str, kind: EdgeKind) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), kind, rate: None, failed_rate: None, p95_ms: None }
}

fn health_of(instances: &[&Probe], asked: &Minute) -> (Health, Option<String>) {
    let ready = instances.iter().map(|probe| probe.ready).collect::<Vec<_>>();
    let up = ready.iter().filter(|ready| **ready).count();
    let said = match health_of_all(&ready) {
        Health::Unknown => return (Health::Bad, Some("no instance is known".to_owned())),
        Health::Good if asked.failed_rate > asked.rate * FAILING => {
            return (Health::Degraded, Some("of what it is asked, too much fails".to_owned()));
        }
        Health::Good => return (Health::Good, None),
        said => said,
    };
    let checks = instances.iter().filter_map(|probe| probe.checks.as_ref()).flatten();
    let missing = checks.filter(|check| !check.healthy).map(|check| check.name.as_str()).collect::<BTreeSet<_>>();
    let missing = missing.into_iter().collect::<Vec<_>>().join(", ");
    let why = if missing.is_empty() { String::new() } else { format!("; not there: {missing}") };
    (said, Some(format!("{up} of {} ready{why}", ready.len())))
}

fn health_of_all(well: &[bool]) -> Health {
    match (well.iter().filter(|well| **well).count(), well.len()) {
        (_, 0) => Health::Unknown,
        (0, _) => Health::Bad,
        (up, all) if up == all => Health::Good,
        _ => Health::Degraded,
    }
}
