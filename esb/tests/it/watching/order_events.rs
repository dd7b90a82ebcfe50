//! Watching an order: at any instance, over breaks, and by those alone whose it is.

use std::sync::{Arc, OnceLock};

use chassis::Tasks;
use chassis::bus::{self, DOMAIN_EVENTS, Outgoing, Topology};
use chassis::settings::Broker;
use contracts::{Customer, Id, Order};
use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use lapin::{BasicProperties, Connection, ConnectionProperties};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::sse::Stream;
use crate::fixture::{Bus, Changes, until};
use crate::upstream::{Reply, Upstream};

const QUEUE: &str = "esb.order-events";

/// A bus with a broker, and who tells of events there.
struct Town {
    bus: Bus,
    url: String,
    teller: bus::Bus,
    connection: Connection,
    owner: Id<Customer>,
    order: Id<Order>,
}

/// Knows one owner's order, as order-service does.
fn order_service(token: Arc<OnceLock<String>>) -> Upstream {
    Upstream::start(move |seen| {
        let own = seen.header("authorization") == token.get().map(|token| format!("Bearer {token}"));
        let reply = if own { Reply::Json(200, json!({})) } else { missing() };
        std::future::ready(reply)
    })
}

fn missing() -> Reply {
    Reply::Json(404, json!({"type": "urn:problem:not-found", "status": 404, "title": "x", "detail": "x"}))
}

impl Town {
    async fn new() -> Self {
        let url = testbed::shared().await.amqp_vhost("events").await.url;
        let upstream = Upstream::saying(200, json!({}));
        let bus = Bus::changed(&upstream, vec![("BROKER__URL", url.clone())]).await;
        let broker = Broker { url: url.clone().into() };
        let teller = bus::Bus::connect_with(&broker, "test", &Tasks::new(), Topology::common()).unwrap();
        let connection = Connection::connect(&url, ConnectionProperties::default()).await.unwrap();
        let town = Self { bus, url, teller, connection, owner: Id::mint(), order: Id::mint() };
        // Who consumes has bound the queue before.
        let ready = async || town.teller.is_up() && town.queue().await.is_some_and(|(_, consumers)| consumers == 1);
        until("events are taken", ready).await;
        town
    }

    /// How many messages wait, and how many consumers there are.
    async fn queue(&self) -> Option<(u32, u32)> {
        let channel = self.connection.create_channel().await.unwrap();
        let passive = QueueDeclareOptions { passive: true, durable: true, ..QueueDeclareOptions::default() };
        let queue = channel.queue_declare(QUEUE.into(), passive, FieldTable::default()).await.ok()?;
        Some((queue.message_count(), queue.consumer_count()))
    }

    fn broker(&self) -> Changes {
        vec![("BROKER__URL", self.url.clone())]
    }

    /// Tells of an event; its id.
    async fn tell(&self, kind: &str) -> String {
        let id = Id::<Value>::mint().to_string();
        self.publish(kind, &self.event(kind, &id)).await;
        id
    }

    fn event(&self, kind: &str, id: &str) -> Value {
        json!({
            "specversion": "1.0", "id": id, "source": "/order-service", "type": kind, "subject": self.order,
            "time": "2026-01-01T00:00:00Z", "datacontenttype": "application/json",
            "data": {"id": self.order, "note": "line\nbreak"},
        })
    }

    async fn publish(&self, kind: &str, body: &Value) {
        let body = serde_json::to_vec_pretty(body).unwrap();
        let properties = BasicProperties::default();
        let outgoing = Outgoing { exchange: DOMAIN_EVENTS, key: kind, properties, body: &body };
        self.teller.publish(outgoing).await.expect("a confirm");
    }

    fn token(&self) -> String {
        self.bus.issuer.customer(self.owner)
    }

    fn path(&self) -> String {
        format!("/orders/{}/events", self.order)
    }

    fn asks(&self, bus: &Bus) -> RequestBuilder {
        bus.ask(Method::GET, &self.path()).bearer_auth(self.token())
    }
}

#[actix_web::test]
async fn every_instance_tells_what_happens_in_its_order() {
    let town = Town::new().await;
    let twin = town.bus.twin_with(town.broker()).await;
    let first = town.tell("order.created").await;
    let mut streams = [Stream::open(town.asks(&town.bus)).await, Stream::open(town.asks(&twin)).await];
    let elsewhere = town.bus.ask(Method::GET, &format!("/orders/{}/events", Id::<Order>::mint()));
    let mut elsewhere = Stream::open(elsewhere.bearer_auth(town.token())).await;
    for kind in ["order.confirmed", "order.shipped", "order.delivered"] {
        town.tell(kind).await;
    }
    for stream in &mut streams {
        assert_eq!(stream.headers["content-type"], "text/event-stream");
        assert_eq!(stream.headers["cache-control"], "no-store");
        let told = stream.next().await.unwrap();
        assert_eq!((told.name.as_str(), &told.id), ("order.created", &first));
        assert_eq!(told.data, town.event("order.created", &first));
        assert_eq!(stream.names(3).await, ["order.confirmed", "order.shipped", "order.delivered"]);
    }
    twin.stop();
    town.bus.stop();
    assert_eq!(streams[1].next().await, None, "a stop ends streams at once");
    assert_eq!(elsewhere.next().await, None, "another order's events are not told");
}

#[actix_web::test]
async fn a_stream_goes_on_where_it_broke_off_whatever_has_stopped_since() {
    let town = Town::new().await;
    let first = town.tell("order.created").await;
    let mut stream = Stream::open(town.asks(&town.bus)).await;
    assert_eq!(stream.next().await.unwrap().id, first);
    let second = town.tell("order.confirmed").await;
    assert_eq!(stream.next().await.unwrap().id, second);
    town.bus.stop();
    assert_eq!(stream.next().await, None);
    until("nobody takes events", async || town.queue().await.unwrap().1 == 0).await;
    let third = town.tell("order.cancelled").await;
    let next = town.bus.twin_with(town.broker()).await;
    let mut stream = Stream::open(town.asks(&next).header("last-event-id", &first)).await;
    assert_eq!([stream.next().await.unwrap().id, stream.next().await.unwrap().id], [second, third.clone()]);
    let unknown = Id::<Value>::mint().to_string();
    for said in [unknown.as_str(), "no id at all"] {
        let mut stream = Stream::open(town.asks(&next).header("last-event-id", said)).await;
        assert_eq!(stream.names(3).await, ["order.created", "order.confirmed", "order.cancelled"], "{said}");
    }
    let mut end = Stream::open(town.asks(&next).header("last-event-id", &third)).await;
    let fourth = town.tell("order.shipped").await;
    assert_eq!(end.next().await.unwrap().id, fourth, "with nothing before");
}

#[actix_web::test]
async fn who_has_seen_everything_is_told_nothing_twice_by_an_instance_that_has_just_begun() {
    let town = Town::new().await;
    let mut stream = Stream::open(town.asks(&town.bus)).await;
    let mut last = String::new();
    for kind in ["order.created", "order.confirmed"] {
        last = town.tell(kind).await;
        assert_eq!(stream.next().await.unwrap().id, last);
    }
    let twin = town.bus.twin_with(town.broker()).await;
    let mut end = Stream::open(town.asks(&twin).header("last-event-id", &last)).await;
    let next = town.tell("order.shipped").await;
    assert_eq!(end.next().await.unwrap().id, next);
}

#[actix_web::test]
async fn operators_see_what_happens_to_all_orders_and_go_on_where_they_broke_off() {
    let town = Town::new().await;
    let twin = town.bus.twin_with(town.broker()).await;
    let operator = town.bus.issuer.operator();
    let ask = |bus: &Bus, query: &str| bus.ask(Method::GET, &format!("/esb/stream{query}")).bearer_auth(&operator);
    town.tell("order.created").await;
    let mut past = Stream::open(ask(&town.bus, "").header("last-event-id", "no id at all")).await;
    let first = past.next().await.unwrap();
    assert_eq!(first.name, "order.created");
    let mut streams = [Stream::open(ask(&town.bus, "")).await, Stream::open(ask(&twin, "")).await];
    let mut narrow = Stream::open(ask(&town.bus, "?route=read")).await;
    let mut ids = Vec::new();
    for kind in ["order.confirmed", "order.shipped"] {
        ids.push(town.tell(kind).await);
        let mut other = town.event(kind, &Id::<Value>::mint().to_string());
        other["subject"] = json!(Id::<Order>::mint());
        town.publish(kind, &other).await;
        ids.push(other["id"].as_str().unwrap().to_owned());
    }
    for stream in &mut streams {
        for id in &ids {
            assert_eq!(&stream.next().await.unwrap().id, id, "from now on, and in order");
        }
    }
    town.bus.get("/read/1").await;
    for stream in [&mut streams[0], &mut narrow] {
        let live = stream.next().await.unwrap();
        assert_eq!((live.name.as_str(), live.id.as_str()), ("message", ""), "nobody comes back to a message");
    }
    let mut back = Stream::open(ask(&twin, "").header("last-event-id", &ids[1])).await;
    let told = back.next().await.unwrap();
    assert_eq!((&told.id, told.data), (&ids[2], town.event("order.shipped", &ids[2])));
    assert_eq!(back.next().await.unwrap().id, ids[3]);
    let mut all = Stream::open(ask(&twin, "").header("last-event-id", Id::<Value>::mint().to_string())).await;
    assert_eq!(all.next().await.unwrap().id, first.id, "everything, where the last one is not known any more");
}

#[actix_web::test]
async fn who_was_away_for_long_is_told_everything_in_order() {
    let town = Town::new().await;
    let first = town.tell("order.created").await;
    let kinds = (0..250).map(|number| format!("order.test-{number}")).collect::<Vec<_>>();
    for kind in &kinds {
        town.tell(kind).await;
    }
    let ask = || town.bus.ask(Method::GET, "/esb/stream").bearer_auth(town.bus.issuer.operator());
    let mut stream = Stream::open(ask().header("last-event-id", &first)).await;
    assert_eq!(stream.names(kinds.len()).await, kinds);
}

#[actix_web::test]
async fn an_event_that_comes_twice_is_told_once_and_nonsense_holds_nothing_up() {
    let town = Town::new().await;
    let id = Id::<Value>::mint().to_string();
    let event = town.event("order.created", &id);
    for body in [&event, &json!({"no": "event"}), &event, &json!("nonsense")] {
        town.publish("order.created", body).await;
    }
    town.tell("order.confirmed").await;
    let mut stream = Stream::open(town.asks(&town.bus)).await;
    assert_eq!(stream.names(2).await, ["order.created", "order.confirmed"]);
    until("the nonsense lies with the dead letters", async || {
        let found = town.bus.get_as(&town.bus.issuer.operator(), "/esb/dead-letters?reason=unparsable").await;
        found.body["items"].as_array().is_some_and(|letters| letters.len() == 2)
    })
    .await;
}

#[actix_web::test]
async fn an_order_is_watched_by_those_who_may_see_it() {
    let owner = Arc::new(OnceLock::new());
    let upstream = order_service(Arc::clone(&owner));
    let bus = Bus::changed(&upstream, vec![("STREAMS__PER_CALLER", "1".to_owned())]).await;
    let token = owner.get_or_init(|| bus.issuer.customer(Id::<Customer>::mint())).clone();
    let path = format!("/orders/{}/events", Id::<Order>::mint());
    assert_eq!(bus.get(&path).await.told(), "401 authentication-required");
    let crm = bus.issuer.client("crm", &["customers:read"]);
    assert_eq!(bus.get_as(&crm, &path).await.told(), "403 forbidden");
    let other = bus.issuer.customer(Id::<Customer>::mint());
    assert_eq!(bus.get_as(&other, &path).await.told(), "404 not-found");
    assert_eq!(bus.get_as(&token, "/orders/7/events").await.told(), "404 not-found");
    let stream = Stream::open(bus.ask(Method::GET, &path).bearer_auth(&token)).await;
    assert_eq!(bus.get_as(&token, &path).await.told(), "429 too-many-streams");
    drop(stream);
    let post = bus.send(bus.ask(Method::POST, &path).bearer_auth(&token)).await;
    assert_eq!(post.told(), "405 method-not-allowed");
}

#[actix_web::test]
async fn a_stream_ends_with_its_token_and_there_is_none_without_the_service() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let mut claims = testbed::issuer::claims(&Id::<Customer>::mint().to_string(), &["customer"], &[]);
    claims["exp"] = json!(claims["iat"].as_u64().unwrap() + 2);
    let path = format!("/orders/{}/events", Id::<Order>::mint());
    let token = bus.issuer.sign(&claims);
    let mut stream = Stream::open(bus.ask(Method::GET, &path).bearer_auth(token)).await;
    assert_eq!(stream.next().await, None);
    let alone = Bus::with(&["http://127.0.0.1:1"; 3].map(str::to_owned), Vec::new()).await;
    let refused = alone.get_as(&alone.issuer.operator(), &path).await;
    assert_eq!((refused.told().as_str(), refused.header("retry-after")), ("503 unavailable", "1"));
}
