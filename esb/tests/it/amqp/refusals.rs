//! What can't succeed is a dead letter at once, with its reason; and its sender is told.

use std::collections::BTreeMap;

use lapin::BasicProperties;
use lapin::types::{AMQPValue, ShortString};
use serde_json::json;

use super::sender::{command, header, question};
use super::stage::{STRANGER, Stage, WEAK, echo, problem};
use crate::upstream::{Reply, Seen};

const CANCEL: &str = r#"{"id":"o1"}"#;

fn picky(seen: &Seen) -> Reply {
    match seen.line.as_str() {
        "POST /orders/bad/cancel" => problem(422, "invalid-request"),
        "POST /orders/odd/cancel" => problem(400, "malformed-body"),
        "POST /orders/not-yours/cancel" => problem(403, "forbidden"),
        _ => echo(seen),
    }
}

fn by(client: &str) -> BasicProperties {
    BasicProperties::default().with_user_id(client.into()).with_message_id("m".into())
}

fn accepting(format: &str) -> BasicProperties {
    let accept = [(ShortString::from("accept"), AMQPValue::LongString(format.into()))];
    command("m").with_headers(BTreeMap::from(accept).into())
}

#[actix_web::test]
async fn what_is_refused_is_a_dead_letter_and_its_sender_knows_why() {
    let stage = Stage::set(vec![("HTTP__BODY_MAX_BYTES", "2000".to_owned())], picky).await;
    let large = json!({"id": "o1", "reason": "x".repeat(2000)}).to_string();
    let refusals = [
        (CANCEL, BasicProperties::default().with_message_id("m".into()), "forbidden", "403 forbidden"),
        (CANCEL, by(STRANGER), "forbidden", "403 forbidden"),
        (CANCEL, by(WEAK), "forbidden", "403 forbidden"),
        (r#"{"id":"not-yours"}"#, command("m1"), "forbidden", "403 forbidden"),
        ("{", command("m"), "unparsable", "400 malformed-body"),
        ("[1", command("m"), "unparsable", "400 malformed-body"),
        ("[1]", command("m"), "schema-violation", "422 invalid-request"),
        (CANCEL, command("m").with_content_type("text/plain".into()), "unparsable", "415 unsupported-media-type"),
        (CANCEL, accepting("text/html"), "unparsable", "406 not-acceptable"),
        (CANCEL, question(), "missing-message-id", "422 missing-message-id"),
        (CANCEL, command("a b"), "schema-violation", "422 invalid-idempotency-key"),
        ("{}", command("m"), "schema-violation", "422 invalid-request"),
        (r#"{"id":".."}"#, command("m"), "schema-violation", "422 invalid-request"),
        (r#"{"id":"a/b"}"#, command("m"), "schema-violation", "422 invalid-request"),
        (r#"{"id":"bad"}"#, command("m2"), "schema-violation", "422 invalid-request"),
        (r#"{"id":"odd"}"#, command("m3"), "schema-violation", "400 malformed-body"),
        (large.as_str(), command("m"), "schema-violation", "413 body-too-large"),
    ];
    for (body, properties, reason, told) in refusals {
        let reply = stage.sender.ask("order.cancel", body, properties.clone()).await;
        assert_eq!(reply.told(), told, "{body} {properties:?}");
        let letter = stage.sender.letter().await;
        let words =
            ["reason", "route", "exchange", "routing-key"].map(|name| header(&letter, &format!("x-dead-{name}")));
        let wanted = [reason, "cancel-order", "esb_exchange", "order.cancel"].map(|word| Some(word.to_owned()));
        assert_eq!((words, letter.data.as_slice()), (wanted, body.as_bytes()), "{properties:?}");
        assert_eq!(header(&letter, "x-dead-detail").as_deref(), reply.body["detail"].as_str());
    }
    assert_eq!(stage.asked().len(), 3, "the services saw what only they could refuse");
}

#[actix_web::test]
async fn what_the_operation_does_not_know_is_refused() {
    let stage = Stage::described(echo).await;
    let refusals = [
        ("order.get", json!({"id": "o1", "foo": 1}), "/foo"),
        ("order.get", json!({"id": 5}), "/id"),
        ("order.get", json!({"id": null}), "/id"),
        ("order.cancel", json!({"id": 5, "reason": "late"}), "/id"),
        ("customer.get", json!({"id": "c1", "limit": "5"}), "/limit"),
        ("payment.get", json!({"id": true}), "/id"),
    ];
    for (key, body, pointer) in refusals {
        let reply = stage.sender.ask(key, body.to_string(), command("m")).await;
        assert_eq!(
            (reply.told().as_str(), &reply.body["errors"][0]["pointer"]),
            ("422 invalid-request", &json!(pointer))
        );
        assert_eq!(reply.body["errors"].as_array().unwrap().len(), 1, "{body}");
        let letter = stage.sender.letter().await;
        assert_eq!(header(&letter, "x-dead-reason").as_deref(), Some("schema-violation"), "{body}");
    }
    assert_eq!(stage.asked().len(), 0, "nobody was asked");
    assert_eq!(stage.sender.ask("order.get", r#"{"id":"o1"}"#, command("m")).await.status, 200);
}

#[actix_web::test]
async fn an_id_is_for_one_message() {
    let stage = Stage::set(Vec::new(), echo).await;
    assert_eq!(stage.sender.ask("order.cancel", CANCEL, command("m")).await.status, 200);
    let other = stage.sender.ask("order.cancel", r#"{"id":"o2"}"#, command("m")).await;
    assert_eq!(other.told(), "422 idempotency-mismatch");
    assert_eq!(header(&stage.sender.letter().await, "x-dead-reason").unwrap(), "idempotency-mismatch");
}

#[actix_web::test]
async fn a_client_for_the_unnamed_can_be_set() {
    let stage = Stage::set(vec![("AMQP__UNNAMED_CLIENT", "legacy".to_owned())], echo).await;
    let reply = stage.sender.ask("order.get", CANCEL, BasicProperties::default()).await;
    assert_eq!(reply.status, 200);
}

#[actix_web::test]
async fn a_dead_letter_is_as_its_sender_made_it() {
    let stage = Stage::set(Vec::new(), echo).await;
    let headers = [
        ("priority-lane", AMQPValue::Boolean(true)),
        ("CC", AMQPValue::FieldArray(vec![AMQPValue::LongString("esb.place-order".into())].into())),
        ("x-replay-of", AMQPValue::LongString("7".into())),
    ];
    let headers = BTreeMap::from(headers.map(|(name, value)| (ShortString::from(name), value)));
    let sent = command("m")
        .with_headers(headers.clone().into())
        .with_type("cancel".into())
        .with_timestamp(1_800_000_000)
        .with_app_id("till".into())
        .with_priority(3)
        .with_expiration("600000".into())
        .with_reply_to("nobody-home".into())
        .with_correlation_id("c".into());
    stage.sender.publish(("", "esb.cancel-order"), b"\xff\x00{", sent.clone()).await;
    let letter = stage.sender.letter().await;
    assert_eq!(letter.data, b"\xff\x00{");
    let mut kept = letter.properties.headers().clone().unwrap().inner().clone();
    kept.retain(|name, _| !name.as_str().starts_with("x-dead-"));
    assert_eq!(kept, headers);
    let of = |properties: &BasicProperties| {
        let texts = [properties.message_id(), properties.kind(), properties.app_id(), properties.reply_to()];
        let more = [properties.user_id(), properties.correlation_id(), properties.content_type()];
        (texts.map(Clone::clone), more.map(Clone::clone), *properties.timestamp(), *properties.priority())
    };
    assert_eq!(of(&letter.properties), of(&sent));
    assert_eq!(
        (letter.properties.expiration(), header(&letter, "x-dead-expiration").as_deref()),
        (&None, Some("600000"))
    );
    assert_eq!(letter.properties.headers().as_ref().unwrap().inner()["x-dead-attempts"], AMQPValue::LongLongInt(1));
    for name in ["x-dead-first-at", "x-dead-last-at"] {
        let at = header(&letter, name).unwrap();
        assert!(at.ends_with('Z') && at.parse::<chrono::DateTime<chrono::Utc>>().is_ok(), "{at}");
    }
}

#[actix_web::test]
async fn what_nobody_is_bound_to_is_a_dead_letter() {
    let stage = Stage::set(Vec::new(), echo).await;
    stage.sender.post("order.plaec", "{}", command("m")).await;
    let letter = stage.sender.letter().await;
    assert_eq!((letter.exchange.as_str(), letter.routing_key.as_str()), ("esb_exchange", "order.plaec"));
    assert_eq!((letter.data.as_slice(), header(&letter, "x-dead-reason")), (b"{}".as_slice(), None));
}
