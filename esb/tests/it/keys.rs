//! The same command twice is one command, on whichever instance it arrives.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chassis::Clock;
use chrono::TimeDelta;
use contracts::{Customer, Id};
use esb::store::{Answers, Claimed, Command, Store};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Bus, until};
use crate::upstream::{Reply, Seen, Upstream};

/// Answers with how often it was asked, after `pause`.
fn counting(status: u16, pause: Duration) -> Upstream {
    let asked = Arc::new(AtomicUsize::new(0));
    Upstream::start(move |seen: Seen| {
        let asked = Arc::clone(&asked);
        async move {
            if !seen.line.starts_with("POST /command") {
                return Reply::Json(404, Value::Null);
            }
            let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::time::sleep(pause).await;
            let headers = vec![("location", "/things/1"), ("content-type", "application/json")];
            Reply::With(status, headers, json!({"type": "urn:problem:told", "number": number}).to_string())
        }
    })
}

fn someone(bus: &Bus) -> String {
    bus.issuer.customer(Id::<Customer>::mint())
}

#[actix_web::test]
async fn a_repetition_gets_the_first_answer() {
    let upstream = counting(201, Duration::ZERO);
    let bus = Bus::before(&upstream).await;
    let token = someone(&bus);
    let first = bus.command(&token, "k1", &json!({"a": 1, "b": 2})).await;
    assert_eq!((first.status, &first.body["number"], first.is_replayed()), (201, &json!(1), false));
    let request = bus.ask(Method::POST, "/command").bearer_auth(&token).header("idempotency-key", "k1");
    let again = bus.send(request.header("content-type", "application/json").body("{\"b\":2,  \"a\":1}")).await;
    assert_eq!((again.status, &again.text, again.is_replayed()), (201, &first.text, true));
    assert_eq!(again.header("location"), "/things/1");
    assert_eq!(bus.command(&token, "k2", &json!({"a": 1, "b": 2})).await.body["number"], 2);
    assert_eq!(upstream.seen()[0].header("idempotency-key").unwrap(), "k1");
}

#[actix_web::test]
async fn a_key_is_for_one_request_of_one_caller() {
    let bus = Bus::before(&counting(200, Duration::ZERO)).await;
    let (ada, bob) = (someone(&bus), someone(&bus));
    bus.command(&ada, "k", &json!({"a": 1})).await;
    assert_eq!(bus.command(&ada, "k", &json!({"a": 2})).await.told(), "422 idempotency-mismatch");
    let other = bus.command(&bob, "k", &json!({"a": 2})).await;
    assert_eq!((other.status, other.is_replayed(), &other.body["number"]), (200, false, &json!(2)));
    for key in ["a b", "", &"x".repeat(256)] {
        assert_eq!(bus.command(&ada, key, &json!({})).await.told(), "422 invalid-idempotency-key", "{key:?}");
    }
}

#[actix_web::test]
async fn of_twenty_at_once_one_is_done() {
    let upstream = counting(201, Duration::from_millis(300));
    let bus = Bus::before(&upstream).await;
    let token = someone(&bus);
    let answers = join_all((0..20).map(|_| async { bus.command(&token, "k", &json!({})).await })).await;
    let done = answers.iter().filter(|answer| answer.status == 201).count();
    let waiting = answers.iter().filter(|answer| answer.told() == "409 request-in-progress");
    assert!(waiting.clone().all(|answer| answer.header("retry-after") == "1"));
    assert_eq!((done + waiting.count(), upstream.count("POST /command")), (20, 1));
    let after = bus.command(&token, "k", &json!({})).await;
    assert_eq!((after.status, after.is_replayed()), (201, true));
}

#[actix_web::test]
async fn what_was_not_done_is_not_remembered() {
    for status in [400, 401, 403, 415, 422, 429, 500, 503] {
        let upstream = counting(status, Duration::ZERO);
        let bus = Bus::before(&upstream).await;
        let token = someone(&bus);
        for number in 1..=2 {
            let answer = bus.command(&token, "k", &json!({})).await;
            assert_eq!((answer.status, &answer.body["number"], answer.is_replayed()), (status, &json!(number), false));
        }
    }
}

#[actix_web::test]
async fn what_was_decided_is_remembered() {
    for status in [204, 402, 404, 409] {
        let bus = Bus::before(&counting(status, Duration::ZERO)).await;
        let token = someone(&bus);
        bus.command(&token, "k", &json!({})).await;
        let again = bus.command(&token, "k", &json!({})).await;
        assert_eq!((again.status, again.is_replayed()), (status, true));
    }
}

#[actix_web::test]
async fn a_caller_who_hangs_up_finds_the_answer_later() {
    let upstream = counting(201, Duration::from_millis(500));
    let bus = Bus::before(&upstream).await;
    let token = someone(&bus);
    let request = bus.ask(Method::POST, "/command").bearer_auth(&token).header("idempotency-key", "k");
    let caller = actix_web::rt::spawn(request.json(&json!({})).send());
    until("the command has arrived", async || upstream.count("POST /command") == 1).await;
    caller.abort();
    until("the answer is kept", async || bus.command(&token, "k", &json!({})).await.is_replayed()).await;
    assert_eq!(upstream.count("POST /command"), 1);
}

#[actix_web::test]
async fn another_instance_knows_the_answer_and_takes_over_what_was_left() {
    let upstream = counting(201, Duration::ZERO);
    let bus = Bus::before(&upstream).await;
    let twin = bus.twin().await;
    let token = someone(&bus);
    bus.command(&token, "k", &json!({})).await;
    let again = twin.command(&token, "k", &json!({})).await;
    assert_eq!((again.status, again.is_replayed()), (201, true));
    // As a process leaves it that died on the way: begun, and its lease run out.
    let store = Store::connect(&bus.database_url, 1).unwrap();
    let answers = Answers::new(&store);
    let at = Clock::real().now();
    let digest = esb::policy::digest("POST", "/command", b"{}");
    let subject = bus.issuer.client("shop", &["orders:place"]);
    let (lease, retention) = (Duration::ZERO, Duration::from_hours(24));
    let left = Command { caller: "client:shop".to_owned(), key: "k".to_owned(), digest, at, lease, retention };
    answers.claim(&left).await.unwrap();
    let taken = twin.command(&subject, "k", &json!({})).await;
    assert_eq!((taken.status, taken.is_replayed(), upstream.count("POST /command")), (201, false, 2));
    assert_eq!(answers.purge(at + retention * 3).await.unwrap(), 2, "old answers go");
    assert!(!twin.command(&subject, "k", &json!({})).await.is_replayed());
}

#[actix_web::test]
async fn a_lease_is_as_long_for_an_instance_whose_clock_is_wrong() {
    let bus = Bus::before(&counting(201, Duration::ZERO)).await;
    let [first, second] = [(); 2].map(|()| Answers::new(&Store::connect(&bus.database_url, 1).unwrap()));
    let (now, retention) = (Clock::real().now(), Duration::from_hours(24));
    let command = |key: &str, at, lease| Command {
        caller: "client:shop".to_owned(),
        key: key.to_owned(),
        digest: [7; 32],
        at,
        lease,
        retention,
    };
    let (late, lease) = (TimeDelta::hours(1), Duration::from_mins(2));
    assert!(matches!(first.claim(&command("k", now, lease)).await.unwrap(), Claimed::Ours(_)));
    let claimed = second.claim(&command("k", now + late, lease)).await.unwrap();
    let Claimed::Running(left) = claimed else { panic!("{claimed:?} while the first is at it") };
    assert!(left > Duration::ZERO && left <= lease, "{left:?}");
    // And who fell silent is not waited for an hour longer.
    assert!(matches!(first.claim(&command("l", now, Duration::ZERO)).await.unwrap(), Claimed::Ours(_)));
    assert!(matches!(second.claim(&command("l", now - late, lease)).await.unwrap(), Claimed::Ours(_)));
}
