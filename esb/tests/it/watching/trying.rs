//! Trying things out: which route takes it, and what comes of a message.

use reqwest::Method;
use serde_json::{Value, json};

use crate::amqp::sender::{consume, next};
use crate::amqp::stage::{Stage, echo};
use crate::fixture::{Answer, Bus};
use crate::upstream::Upstream;

async fn publish_under(bus: &Bus, key: &str, message: &Value) -> Answer {
    let request = bus.ask(Method::POST, "/esb/publish").bearer_auth(bus.issuer.operator());
    bus.send(request.header("idempotency-key", key).json(message)).await
}

async fn publish(bus: &Bus, message: &Value) -> Answer {
    bus.post_as(&bus.issuer.operator(), "/esb/publish", message).await
}

fn message(key: &str, body: &Value) -> Value {
    json!({"routing_key": key, "content_type": "application/json", "body": body.to_string()})
}

#[actix_web::test]
async fn a_message_is_sent_and_its_answer_shown() {
    let changes = vec![("AMQP__UNNAMED_CLIENT", "shop".to_owned())];
    let stage = Stage::set(changes, echo).await;
    let mut asked = message("order.get", &json!({"id": "7"}));
    asked["headers"] = json!({"x-request-id": "0123456789abcdef"});
    asked["message_id"] = json!("m-1");
    asked["wait_ms"] = json!(30_000);
    let told = publish(&stage.bus, &asked).await;
    assert_eq!((told.status, &told.body["message_id"]), (200, &json!("m-1")), "{}", told.text);
    let answer = &told.body["answer"];
    assert_eq!((&answer["type"], &answer["status"]), (&json!("reply"), &json!(200)), "{}", told.text);
    assert_eq!(answer["headers"]["x-request-id"], "0123456789abcdef");
    let traceparent = answer["headers"]["traceparent"].as_str().unwrap();
    assert_eq!(traceparent.split('-').nth(1), told.body["trace_id"].as_str());
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["line"], "GET /orders/7");
    let mut wrong = message("order.get", &json!({"idd": "7"}));
    wrong["wait_ms"] = json!(30_000);
    let told = publish(&stage.bus, &wrong).await;
    assert_eq!(
        (&told.body["answer"]["type"], &told.body["answer"]["status"]),
        (&json!("problem"), &json!(422)),
        "{}",
        told.text
    );
}

#[actix_web::test]
async fn a_message_that_is_sent_again_under_its_key_is_the_same_command() {
    let stage = Stage::set(vec![("AMQP__UNNAMED_CLIENT", "shop".to_owned())], echo).await;
    let mut asked = message("order.cancel", &json!({"id": "o1", "reason": "late"}));
    asked["wait_ms"] = json!(30_000);
    let first = publish_under(&stage.bus, "k", &asked).await;
    assert_eq!(first.body["answer"]["status"], 200, "{}", first.text);
    // As where the broker has the message, and fell silent before it said so.
    stage.bus.execute("DELETE FROM idempotency WHERE idempotency_key = 'k'").await;
    let again = publish_under(&stage.bus, "k", &asked).await;
    assert_eq!((again.is_replayed(), &again.body["message_id"]), (false, &first.body["message_id"]), "{}", again.text);
    assert_eq!((&again.body["answer"]["body"], stage.asked().len()), (&first.body["answer"]["body"], 1));
    let other = publish_under(&stage.bus, "l", &asked).await;
    assert_ne!(other.body["message_id"], first.body["message_id"]);
    asked["message_id"] = json!("m");
    assert_eq!(publish_under(&stage.bus, "m", &asked).await.body["message_id"], "m");
}

#[actix_web::test]
async fn who_is_not_to_answer_is_not_waited_for() {
    let stage = Stage::set(Vec::new(), echo).await;
    let mut out = consume(&stage.sender.channel, "service_a_queue").await;
    let told = publish(&stage.bus, &message("service_a", &json!({"a": 1}))).await;
    assert!(told.status == 200 && told.body.get("answer").is_none(), "{}", told.text);
    let passed = next(&mut out).await;
    assert_eq!((passed.data.as_slice(), passed.properties.reply_to()), (br#"{"a":1}"#.as_slice(), &None));
    assert_eq!(passed.properties.user_id(), &None);
    let nowhere = publish(&stage.bus, &message("nowhere", &json!({}))).await;
    assert!(nowhere.status == 200 && nowhere.body.get("answer").is_none(), "{}", nowhere.text);
    assert_eq!(stage.sender.letter().await.data, b"{}", "it is a dead letter, as anybody's would be");
}

#[actix_web::test]
async fn a_message_that_can_not_be_sent_says_why() {
    let stage = Stage::set(Vec::new(), echo).await;
    let with = |name: &str, value: Value| {
        let mut message = message("order.get", &json!({}));
        message[name] = value;
        message
    };
    let wrong = [
        ("wait_ms", json!(30_001), "/wait_ms"),
        ("routing_key", json!("x".repeat(256)), "/routing_key"),
        ("message_id", json!("x".repeat(256)), "/message_id"),
        ("headers", json!({"x": "y".repeat(5000)}), "/headers"),
    ];
    for (name, value, pointer) in wrong {
        let told = publish(&stage.bus, &with(name, value)).await;
        assert_eq!((told.status, told.pointers()), (422, vec![pointer]));
    }
    // The broker wants a list here, and closes the channel: this one, and no other.
    let told = publish(&stage.bus, &with("headers", json!({"CC": "x"}))).await;
    assert_eq!(told.told(), "409 publish-refused", "{}", told.text);
    assert_eq!(publish(&stage.bus, &message("nowhere", &json!({}))).await.status, 200);
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    assert_eq!(publish(&bus, &message("order.get", &json!({}))).await.told(), "503 broker-unavailable");
    assert_eq!(bus.send(bus.ask(Method::POST, "/esb/publish")).await.told(), "401 authentication-required");
}

#[actix_web::test]
async fn the_route_that_takes_it_is_found_by_every_door() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let matched = async |query: &str| bus.get_as(&bus.issuer.operator(), &format!("/esb/routes/match?{query}")).await;
    let read = matched("method=GET&path=/orders/1%3Fx=y").await;
    assert_eq!((&read.body["route"]["name"], &read.body["parameters"]), (&json!("read-order"), &json!({"id": "1"})));
    assert_eq!(read.body["route"]["file"], "orders.toml");
    let ways = [
        ("key=order.place", "place-order"),
        ("operation=PlaceOrder", "place-order"),
        ("event=order.confirmed", "orders-for-the-warehouse"),
        ("method=HEAD&path=/orders/1", "read-order"),
    ];
    for (query, name) in ways {
        assert_eq!(matched(query).await.body["route"]["name"], name, "{query}");
    }
    for query in ["method=PUT&path=/orders/1", "method=GET&path=/nothing", "key=order.plaice", "event=x", "operation=X"]
    {
        assert_eq!(matched(query).await.told(), "404 route-not-found", "{query}");
    }
    for query in ["", "method=GET", "path=/orders", "key=a&event=b", "method=G%20T&path=/", "kye=a"] {
        assert_eq!(matched(query).await.told(), "422 invalid-query", "{query}");
    }
}
