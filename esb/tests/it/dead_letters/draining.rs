//! From the queue into the store, with nothing lost of a message.

use chassis::bus::Queue;
use lapin::BasicProperties;
use lapin::types::AMQPValue;
use serde_json::json;

use super::desk::{Desk, changes, headers};
use crate::fixture::until;

#[actix_web::test]
async fn what_no_route_takes_is_kept_as_it_came() {
    let desk = Desk::open().await;
    let mut table = headers(&[("tenant", "blue")]);
    table.insert("tries".into(), AMQPValue::LongInt(3));
    let properties = BasicProperties::default()
        .with_headers(table)
        .with_content_type("application/octet-stream".into())
        .with_message_id("m-1".into())
        .with_correlation_id("c-1".into());
    desk.publish(("esb_exchange", "no.such"), properties, &[0xff, 0x00, 0x01]).await;
    let letter = &desk.wait_for("", 1).await[0];
    assert_eq!((&letter["reason"], &letter["state"]), (&json!("unroutable"), &json!("waiting")));
    assert_eq!((&letter["exchange"], &letter["routing_key"]), (&json!("esb_exchange"), &json!("no.such")));
    assert_eq!((&letter["body"], &letter["body_encoding"]), (&json!("/wAB"), &json!("base64")));
    assert_eq!(letter["headers"], json!({"tenant": "blue", "tries": 3}));
    assert_eq!(
        (&letter["properties"]["message_id"], &letter["properties"]["correlation_id"]),
        (&json!("m-1"), &json!("c-1"))
    );
    assert_eq!((&letter["attempts"], letter.get("route"), letter.get("queue")), (&json!(1), None, None));
    let read = desk.get(&super::desk::path(letter, "")).await;
    assert_eq!((read.status, &read.body), (200, letter));
}

#[actix_web::test]
async fn what_the_bus_says_about_its_own_is_believed_and_not_shown_twice() {
    let desk = Desk::open().await;
    let mut table = headers(&[
        ("x-dead-reason", "retries-exhausted"),
        ("x-dead-detail", "503 from order-service"),
        ("x-dead-route", "place-order"),
        ("x-dead-exchange", "esb_exchange"),
        ("x-dead-routing-key", "order.place"),
        ("x-dead-first-at", "2026-01-01T10:00:00Z"),
        ("x-dead-last-at", "2026-01-01T10:05:00.5Z"),
        ("traceparent", "00-a-b-01"),
    ]);
    table.insert("x-dead-attempts".into(), AMQPValue::LongLongInt(7));
    let properties = BasicProperties::default().with_headers(table);
    desk.publish(("dead_letters", "dead_letters"), properties, b"{\"a\": 1}").await;
    let letter = &desk.wait_for("&route=place-order&reason=retries-exhausted", 1).await[0];
    assert_eq!((&letter["routing_key"], &letter["exchange"]), (&json!("order.place"), &json!("esb_exchange")));
    assert_eq!((&letter["attempts"], &letter["detail"]), (&json!(7), &json!("503 from order-service")));
    assert_eq!(
        (&letter["first_at"], &letter["last_at"]),
        (&json!("2026-01-01T10:00:00Z"), &json!("2026-01-01T10:05:00.500Z"))
    );
    assert_eq!(letter["headers"], json!({"traceparent": "00-a-b-01"}));
    assert_eq!((&letter["body"], &letter["body_encoding"]), (&json!("{\"a\": 1}"), &json!("utf-8")));
}

#[actix_web::test]
async fn what_a_queue_turns_away_knows_its_queue() {
    let desk = Desk::open().await;
    desk.queue(Queue::quorum("shelf").with_dead_letters(), Some("to.shelf")).await;
    let short = Queue::quorum("short").with("x-message-ttl", AMQPValue::LongInt(1)).with_dead_letters();
    desk.queue(short, Some("to.short")).await;
    desk.publish(("esb_exchange", "to.short"), BasicProperties::default(), b"late").await;
    let forged = headers(&[("x-dead-reason", "forbidden"), ("x-dead-exchange", "domain_events")]);
    desk.publish(("esb_exchange", "to.shelf"), BasicProperties::default().with_headers(forged), b"bad").await;
    desk.reject_one("shelf").await;
    let letters = desk.wait_for("", 2).await;
    let of = |queue: &str| letters.iter().find(|letter| letter["queue"] == queue).unwrap();
    assert_eq!((&of("short")["reason"], &of("short")["routing_key"]), (&json!("expired"), &json!("to.short")));
    assert_eq!((&of("shelf")["reason"], &of("shelf")["exchange"]), (&json!("unparsable"), &json!("esb_exchange")));
}

#[actix_web::test]
async fn a_letter_that_is_given_out_twice_is_kept_once() {
    let desk = Desk::open().await;
    let told = [
        ("x-dead-id", "d-1"),
        ("x-dead-reason", "forbidden"),
        ("x-dead-detail", "it may not"),
        ("x-dead-exchange", "esb_exchange"),
        ("x-dead-routing-key", "order.get"),
    ];
    let named = || BasicProperties::default().with_headers(headers(&told));
    desk.publish(("dead_letters", "dead_letters"), named(), b"same").await;
    desk.publish(("dead_letters", "dead_letters"), named(), b"same").await;
    for _ in 0..2 {
        desk.publish(("esb_exchange", "twice"), BasicProperties::default(), b"two who are alike").await;
    }
    desk.wait_for("&reason=unroutable", 2).await;
    desk.wait_for("&reason=forbidden", 1).await;
    desk.bus.stop();
    let down = desk.bus.url.clone();
    until("it has stopped", async || reqwest::get(format!("{down}/health/live")).await.is_err()).await;
    desk.publish(("esb_exchange", "twice"), BasicProperties::default(), b"two who are alike").await;
    desk.drop_one("dead_letters").await;
    desk.publish(("esb_exchange", "after"), BasicProperties::default(), b"behind it").await;
    let desk = Desk { bus: desk.bus.twin_changed(changes(&desk.vhost)).await, ..desk };
    desk.wait_for("&text=behind%20it", 1).await;
    assert_eq!(desk.letters("&reason=unroutable").await.len(), 3, "the one that was given out again is known");
}

#[actix_web::test]
async fn a_flood_is_drained_to_the_last() {
    let desk = Desk::open().await;
    desk.lose("flood", 600).await;
    until("all are there", async || desk.count("waiting").await == 600).await;
    assert!(desk.take_all("dead_letters").await.is_empty());
    let mut seen = std::collections::BTreeSet::new();
    let mut path = "/esb/dead-letters?limit=100".to_owned();
    loop {
        let page = desk.get(&path).await.body;
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|letter| letter["properties"]["message_id"].to_string()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/esb/dead-letters?limit=100&cursor={cursor}");
    }
    assert_eq!(seen.len(), 600);
}
