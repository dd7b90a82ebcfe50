//! The bus as a whole: who talks with whom, and what waits where.

use lapin::BasicProperties;
use lapin::options::QueueDeleteOptions;
use serde_json::{Value, json};

use crate::amqp::sender::question;
use crate::amqp::stage::{Stage, echo};
use crate::fixture::{Bus, until};

async fn items(bus: &Bus, path: &str, of: &str) -> Vec<Value> {
    let answer = bus.get_as(&bus.issuer.operator(), path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body[of].as_array().unwrap().clone()
}

async fn queue(bus: &Bus, name: &str) -> Value {
    let queues = items(bus, "/esb/queues", "items").await;
    queues.into_iter().find(|queue| queue["name"] == name).unwrap_or_default()
}

#[actix_web::test]
async fn queues_tell_how_full_they_are() {
    let stage = Stage::set(Vec::new(), echo).await;
    for _ in 0..3 {
        stage.sender.post("service_a", "x", BasicProperties::default()).await;
    }
    let passed = async || queue(&stage.bus, "service_a_queue").await["messages"] == 3;
    until("they have passed", passed).await;
    let channel = queue(&stage.bus, "service_a_queue").await;
    let wanted =
        json!({"name": "service_a_queue", "purpose": "channel", "route": "service-a", "messages": 3, "consumers": 0});
    assert_eq!(channel, wanted);
    let purposes = [
        ("esb.place-order", "requests"),
        ("esb.retry.100", "delay"),
        ("dead_letters", "dead-letters"),
        ("esb.order-events", "events"),
        ("esb.orders-for-the-warehouse", "events"),
    ];
    for (name, purpose) in purposes {
        assert_eq!(queue(&stage.bus, name).await["purpose"], purpose, "{name}");
    }
    until("the bus consumes", async || queue(&stage.bus, "esb.place-order").await["consumers"] == 1).await;
    let deleted = stage.sender.channel.queue_delete("service_a_queue".into(), QueueDeleteOptions::default()).await;
    assert_eq!(deleted.unwrap(), 3);
    until("it is missed", async || queue(&stage.bus, "service_a_queue").await.get("messages").is_none()).await;
    assert_eq!(queue(&stage.bus, "esb.order-events").await["messages"], 0, "the others are still seen");
}

#[actix_web::test]
async fn the_map_shows_who_talks_with_whom() {
    let stage = Stage::set(Vec::new(), echo).await;
    let answer = stage.sender.ask("order.get", json!({"id": "7"}).to_string(), question()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(stage.bus.get("/read/1").await.status, 200);
    let edges = items(&stage.bus, "/esb/map", "edges").await;
    let rate = |from: &str, to: &str| {
        let edge = edges.iter().find(|edge| edge["from"] == from && edge["to"] == to);
        edge.unwrap_or_else(|| panic!("{from} {to}"))["rate"].as_f64().unwrap()
    };
    let ways = [
        ("client:http-clients", "bus:esb"),
        ("client:amqp-producers", "exchange:esb_exchange"),
        ("exchange:esb_exchange", "queue:esb.read-order"),
        ("queue:esb.read-order", "bus:esb"),
        ("bus:esb", "service:order-service"),
        ("bus:esb", "service:customer-service"),
    ];
    for (from, to) in ways {
        assert!(rate(from, to) > 0.0, "{from} {to}");
    }
    assert!(rate("client:soap-clients", "bus:esb") < f64::MIN_POSITIVE);
    let nodes = items(&stage.bus, "/esb/map", "nodes").await;
    let health = |id: &str| nodes.iter().find(|node| node["id"] == id).map(|node| node["health"].clone());
    for well in
        ["bus:esb", "engine:esb/postgresql", "engine:rabbitmq", "service:order-service", "exchange:domain_events"]
    {
        assert_eq!(health(well), Some(json!("good")), "{well}");
    }
    assert_eq!(health("service:lost-service"), Some(json!("bad")));
}
