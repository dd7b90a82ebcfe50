//! One dead letter at a time: found, read, mended, replayed, discarded.

use chassis::bus::Queue;
use contracts::{Customer, Id};
use futures_util::future::join_all;
use lapin::BasicProperties;
use serde_json::json;

use super::desk::{Desk, header, headers, path};
use crate::fixture::{Bus, until};
use crate::upstream::Upstream;

#[actix_web::test]
async fn letters_are_found_by_what_is_known_of_them() {
    let desk = Desk::open().await;
    let properties =
        |id: &str| BasicProperties::default().with_message_id(id.into()).with_headers(headers(&[("shop", "Köln")]));
    desk.publish(("esb_exchange", "order.plaice"), properties("first"), br#"{"email": "Ada@Example.org"}"#).await;
    desk.publish(("esb_exchange", "order.plaice"), properties("second"), b"100% of_all").await;
    desk.wait_for("", 2).await;
    let found = async |query: &str| {
        let letters = desk.letters(query).await;
        letters.iter().map(|letter| letter["properties"]["message_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("&text=ADA@example").await, ["first"]);
    assert_eq!(found("&text=k%C3%B6ln").await, ["second", "first"]);
    assert_eq!(found("&text=second").await, ["second"]);
    assert_eq!(found("&text=0%25%20of_").await, ["second"]);
    assert_eq!(found("&text=%25%25%25").await, [""; 0]);
    assert_eq!(found("&text=plaice&reason=unroutable&state=waiting").await.len(), 2);
    assert_eq!(found("&from=2100-01-01T00:00:00Z").await, [""; 0]);
    assert_eq!(found("&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z").await.len(), 2);
    assert_eq!(found("&route=place-order").await, [""; 0]);
    for wrong in ["text=ab", "state=lost", "sate=waiting", "limit=0", "cursor=x", "from=today"] {
        assert_eq!(desk.get(&format!("/esb/dead-letters?{wrong}")).await.status, 422, "{wrong}");
    }
    let summary = desk.get("/esb/dead-letters/summary").await.body;
    assert_eq!((&summary["groups"][0]["count"], &summary["groups"][0]["reason"]), (&json!(2), &json!("unroutable")));
}

/// The youngest are looked at first, and one by one.
#[actix_web::test]
async fn a_letter_is_found_however_many_are_younger() {
    let desk = Desk::open().await;
    desk.lose("order.plaice", 1).await;
    desk.wait_for("", 1).await;
    desk.sql(
        "INSERT INTO dead_letters (id, digest, state, exchange, routing_key, reason, detail, attempts, first_at, last_at, \
         target_exchange, target_key, properties, body, search, arrived_at, updated_at) \
         SELECT ('ffffffff-ffff-7fff-bfff-' || lpad(number::text, 12, '0'))::uuid, digest, state, exchange, routing_key, \
         reason, detail, attempts, first_at, last_at, target_exchange, target_key, properties, body, 'cod number ' || number, \
         arrived_at, updated_at FROM dead_letters, generate_series(1, 3000) AS number",
    )
    .await;
    assert_eq!(desk.letters("&text=plaice").await.len(), 1, "the oldest of all");
    assert_eq!(desk.letters("&text=number%203000").await.len(), 1, "the youngest");
    let page = desk.get("/esb/dead-letters?text=cod&limit=100").await.body;
    assert_eq!(page["items"].as_array().unwrap().len(), 100);
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = desk.get(&format!("/esb/dead-letters?text=number%202900&cursor={cursor}")).await.body;
    assert_eq!(next["items"].as_array().unwrap().len(), 1, "the first of the next page");
    let gone = desk.get(&format!("/esb/dead-letters?text=number%203000&cursor={cursor}")).await.body;
    assert_eq!(gone["items"], json!([]), "younger than the cursor");
}

#[actix_web::test]
async fn a_mended_letter_goes_back_to_where_it_was_turned_away() {
    let desk = Desk::open().await;
    desk.queue(Queue::quorum("shelf").with_dead_letters(), Some("to.shelf")).await;
    let properties = BasicProperties::default()
        .with_message_id("m-7".into())
        .with_type("event".into())
        .with_headers(headers(&[("tenant", "blue")]));
    desk.publish(("esb_exchange", "to.shelf"), properties, b"{bad").await;
    desk.reject_one("shelf").await;
    let letter = desk.wait_for("", 1).await[0].clone();
    let tag = desk.get(&path(&letter, "")).await.header("etag").to_owned();
    let change = json!({"body": "{\"good\": 1}"});
    assert_eq!(desk.patch(&path(&letter, ""), Some("\"99\""), &change).await.told(), "412 stale");
    let mended = desk.patch(&path(&letter, ""), Some(&tag), &change).await;
    assert_eq!((mended.status, &mended.body["body"]), (200, &json!("{\"good\": 1}")), "{}", mended.text);
    assert_eq!(desk.patch(&path(&letter, ""), Some(&tag), &change).await.told(), "412 stale");
    let replayed = desk.post(&path(&letter, "/replay"), &json!({})).await;
    assert_eq!((replayed.status, &replayed.body["state"]), (200, &json!("replayed")), "{}", replayed.text);
    let message = desk.take("shelf").await;
    assert_eq!(message.data, b"{\"good\": 1}");
    assert_eq!(message.properties.message_id().as_ref().unwrap().as_str(), "m-7");
    assert_eq!(message.properties.kind().as_ref().unwrap().as_str(), "event");
    assert_eq!(
        (header(&message, "tenant").unwrap(), header(&message, "x-replay-of").unwrap()),
        ("blue".to_owned(), letter["id"].as_str().unwrap().to_owned())
    );
    assert_eq!(json!(header(&message, "x-replay-id")), replayed.body["replayed_as"]);
    assert_eq!(header(&message, "x-first-death-queue"), None);
    let audit = desk.get(&path(&letter, "/audit")).await.body;
    let entry = |number: usize| (&audit["items"][number]["action"], &audit["items"][number]["old_body"]);
    assert_eq!((entry(0), entry(1).0), ((&json!("edited"), &json!("{bad")), &json!("replayed")));
    assert!(audit["items"][0]["actor"].as_str().unwrap().starts_with("operator:"));
    for (what, answer) in [
        ("edit", desk.patch(&path(&letter, ""), None, &change).await),
        ("replay", desk.post(&path(&letter, "/replay"), &json!({})).await),
        ("discard", desk.post(&path(&letter, "/discard"), &json!({})).await),
    ] {
        assert_eq!(answer.told(), "409 dead-letter-not-waiting", "{what}");
    }
}

#[actix_web::test]
async fn bytes_are_mended_as_they_are_shown() {
    let desk = Desk::open().await;
    desk.publish(("esb_exchange", "nobody"), BasicProperties::default(), &[0xff, 0xfe]).await;
    let letter = desk.wait_for("", 1).await[0].clone();
    let edit = async |body: serde_json::Value| desk.patch(&path(&letter, ""), None, &body).await;
    assert_eq!(edit(json!({"body": "{}"})).await.pointers(), ["/body"]);
    assert_eq!(edit(json!({"body": "/w=="})).await.body["body"], "/w==");
    let text = edit(json!({"body": "{}", "body_encoding": "utf-8"})).await.body;
    assert_eq!((&text["body"], &text["body_encoding"]), (&json!("{}"), &json!("utf-8")));
    assert_eq!(edit(json!({"bodi": "{}"})).await.status, 422);
}

#[actix_web::test]
async fn a_replay_that_dies_again_is_linked_to_its_letter() {
    let desk = Desk::open().await;
    desk.publish(("esb_exchange", "still.nobody"), BasicProperties::default().with_message_id("m".into()), b"x").await;
    let letter = desk.wait_for("", 1).await[0].clone();
    assert_eq!(desk.post(&path(&letter, "/replay"), &json!({})).await.status, 200);
    let returned = desk.wait_for("&state=waiting", 1).await[0].clone();
    assert_eq!((&returned["replay_of"], &returned["properties"]["message_id"]), (&letter["id"], &json!("m")));
    let old = desk.get(&path(&letter, "")).await.body;
    assert_eq!((&old["state"], &old["returned_as"]), (&json!("replayed"), &json!([returned["id"]])));
}

#[actix_web::test]
async fn what_the_broker_refuses_waits_again_and_hinders_nobody() {
    let desk = Desk::open().await;
    let lost = headers(&[
        ("x-dead-reason", "forbidden"),
        ("x-dead-detail", "d"),
        ("x-dead-exchange", "gone"),
        ("x-dead-routing-key", "k"),
    ]);
    desk.publish(("dead_letters", "dead_letters"), BasicProperties::default().with_headers(lost), b"1").await;
    let no_queue = headers(&[
        ("x-dead-reason", "expired"),
        ("x-dead-detail", "d"),
        ("x-dead-exchange", ""),
        ("x-dead-routing-key", "no-queue"),
    ]);
    desk.publish(("dead_letters", "dead_letters"), BasicProperties::default().with_headers(no_queue), b"2").await;
    desk.publish(("esb_exchange", "found.now"), BasicProperties::default(), b"3").await;
    let letters = desk.wait_for("", 3).await;
    desk.queue(Queue::quorum("found"), Some("found.now")).await;
    let of = |reason: &str| letters.iter().find(|letter| letter["reason"] == reason).unwrap();
    for reason in ["forbidden", "expired"] {
        let refused = desk.post(&path(of(reason), "/replay"), &json!({})).await;
        assert_eq!(refused.told(), "409 replay-refused", "{}", refused.text);
        let audit = desk.get(&path(of(reason), "/audit")).await.body;
        assert_eq!(audit["items"][0]["action"], "replay-refused");
    }
    assert_eq!(desk.count("waiting").await, 3);
    assert_eq!(desk.post(&path(of("unroutable"), "/replay"), &json!({})).await.status, 200);
    assert_eq!(desk.take("found").await.data, b"3");
}

#[actix_web::test]
async fn of_many_who_replay_a_letter_one_does() {
    let desk = Desk::open().await;
    let twin = desk.bus.twin_changed(super::desk::changes(&desk.vhost)).await;
    desk.publish(("esb_exchange", "once.only"), BasicProperties::default(), b"once").await;
    desk.publish(("esb_exchange", "too.early"), BasicProperties::default(), b"probe").await;
    let letter = desk.wait_for("&text=once.only", 1).await[0].clone();
    desk.queue(Queue::quorum("once"), Some("once.only")).await;
    let early = &desk.wait_for("&text=too.early", 1).await[0];
    until("the twin is connected", async || {
        let sent = twin.post_as(&desk.token, &path(early, "/replay"), &json!({})).await;
        sent.told() != "503 broker-unavailable"
    })
    .await;
    let replay = path(&letter, "/replay");
    let nothing = json!({});
    let asked = (0..8).map(|number| {
        let bus = if number % 2 == 0 { &desk.bus } else { &twin };
        bus.post_as(&desk.token, &replay, &nothing)
    });
    let mut told = join_all(asked).await.iter().map(crate::fixture::Answer::told).collect::<Vec<_>>();
    told.sort();
    let lost = told.iter().filter(|told| *told == "409 dead-letter-not-waiting").count();
    let won = told.iter().filter(|told| *told == "200").count();
    assert_eq!((won, lost), (1, 7), "{told:?}");
    assert_eq!(desk.take_all("once").await.len(), 1);
}

#[actix_web::test]
async fn a_discarded_letter_is_done_with() {
    let desk = Desk::open().await;
    desk.publish(("esb_exchange", "nobody"), BasicProperties::default(), b"x").await;
    let letter = desk.wait_for("", 1).await[0].clone();
    let long = json!({"reason": "x".repeat(501)});
    assert_eq!(desk.post(&path(&letter, "/discard"), &long).await.status, 422);
    let mended = desk.post(&path(&letter, "/replay"), &json!({"body": "it is mended by PATCH"})).await;
    assert_eq!((mended.told().as_str(), mended.pointers()), ("422 invalid-request", vec!["/body"]));
    let discarded = desk.post(&path(&letter, "/discard"), &json!({"reason": "a test of theirs"})).await;
    assert_eq!((discarded.status, &discarded.body["state"]), (200, &json!("discarded")));
    let audit = desk.get(&path(&letter, "/audit")).await.body;
    let entry = &audit["items"][0];
    assert_eq!((&entry["action"], &entry["detail"]), (&json!("discarded"), &json!("a test of theirs")));
    assert_eq!(desk.post(&path(&letter, "/replay"), &json!({})).await.told(), "409 dead-letter-not-waiting");
}

#[actix_web::test]
async fn only_operators_come_to_this_desk() {
    let bus = Bus::before(&Upstream::saying(404, json!({}))).await;
    let (customer, operator) = (bus.issuer.customer(Id::<Customer>::mint()), bus.issuer.operator());
    for path in ["/esb/dead-letters", "/esb/dead-letters/summary", "/esb/dead-letters/x/audit", "/esb/replays"] {
        assert_eq!(bus.get(path).await.told(), "401 authentication-required");
        assert_eq!(bus.get_as(&customer, path).await.told(), "403 forbidden");
    }
    let unknown = Id::<Customer>::mint();
    let letter = format!("/esb/dead-letters/{unknown}");
    assert_eq!(bus.get_as(&operator, &letter).await.told(), "404 dead-letter-not-found");
    assert_eq!(bus.get_as(&operator, &format!("/esb/replays/{unknown}")).await.told(), "404 replay-not-found");
    let replay = bus.post_as(&operator, &format!("{letter}/replay"), &json!({})).await;
    assert_eq!(replay.told(), "503 broker-unavailable", "without a broker there is nowhere to send it to");
    let described = bus.get("/openapi.json").await.body;
    for path in ["/esb/dead-letters", "/esb/dead-letters/{id}/replay", "/esb/replays", "/esb/replays/{id}/pause"] {
        assert!(!described["paths"][path].is_null(), "{path}");
    }
}
