//! `GET /esb/map`: who talks with whom over the bus, how much, and how well they are.

mod draw;
#[cfg(test)]
mod tests;

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use chassis::bus::Bus;
use chrono::{DateTime, Utc};
use contracts::Problem;
use futures_util::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;

use self::draw::{Instance, Scene};
use crate::endpoint::broker::Depths;
use crate::messages::Traffic;
use crate::registry::{Probes, Resolver};
use crate::route::Route;
use crate::store::Store;

/// How long the bus's own database may think about its health.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the console looks at.
pub struct Sights {
    /// What passes.
    pub traffic: Traffic,
    /// How full queues are.
    pub depths: Depths,
    /// How instances are.
    pub probes: Probes,
    /// Where they are.
    pub resolver: Resolver,
    /// The bus's own database.
    pub store: Store,
    /// The broker, where there is one.
    pub broker: Option<Bus>,
    /// The running routes.
    pub routes: Vec<Route>,
}

/// Who talks with whom.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct BusMap {
    /// When it was drawn.
    at: DateTime<Utc>,
    /// Everybody there is.
    nodes: Vec<Node>,
    /// Who talks with whom; rates are those of the last minute.
    edges: Vec<Edge>,
}

/// Somebody, or something that holds messages or data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Node {
    /// As edges name it.
    id: String,
    /// What it is.
    kind: NodeKind,
    /// As people call it.
    name: String,
    /// How it is.
    health: Health,
    /// Why it is not well.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// How many instances there are, of a service.
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<usize>,
    /// How many messages wait, in a queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<u32>,
    /// How many consumers a queue has.
    #[serde(skip_serializing_if = "Option::is_none")]
    consumers: Option<u32>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NodeKind {
    Client,
    Bus,
    Service,
    Engine,
    Exchange,
    Queue,
}

/// How somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Health {
    Good,
    Degraded,
    Bad,
    Unknown,
}

/// One talks with another.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Edge {
    /// The id of who asks, or sends.
    from: String,
    /// The id of who is asked, or gets it.
    to: String,
    /// How.
    kind: EdgeKind,
    /// How often a second; absent where the bus can't see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    /// How often a second it fails; absent where the bus can't see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_rate: Option<f64>,
    /// What 95 of a hundred take at most, in milliseconds; absent where there were none, or the bus can't see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    p95_ms: Option<f64>,
}

/// How one talks with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EdgeKind {
    Http,
    Soap,
    Amqp,
    Database,
    Event,
}

/// Who talks with whom over the bus, and how they are: rates as this instance of the bus has seen them within the last
/// minute, health as of a moment ago.
#[utoipa::path(get, path = "/esb/map", operation_id = "read_map", tag = "esb", responses(
    (status = 200, body = BusMap),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn read(_: Operator, sights: Data<Sights>) -> HttpResponse {
    let depths = async { sights.depths.look().await.ok() };
    let (instances, database, depths) = tokio::join!(sights.instances(), sights.has_database(), depths);
    let scene = Scene {
        routes: &sights.routes,
        traffic: &sights.traffic,
        queues: sights.depths.watched(),
        depths: depths.as_deref(),
        instances,
        database,
        broker: sights.broker.as_ref().map(Bus::is_up),
    };
    let (nodes, edges) = scene.draw();
    HttpResponse::Ok().json(BusMap { at: sights.traffic.now(), nodes, edges })
}

impl Sights {
    async fn instances(&self) -> Vec<Instance> {
        let all = self.resolver.all();
        let ask = async |name: String, base: String| Instance { name, probe: self.probes.of(&base).await };
        join_all(all.iter().map(|service| ask(service.name.clone(), service.base.clone()))).await
    }

    async fn has_database(&self) -> bool {
        tokio::time::timeout(PATIENCE, self.store.ping()).await.is_ok_and(|answered| answered.is_ok())
    }
}
