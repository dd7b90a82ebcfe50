//! Many at a time: previewed, in growing batches, at a rate, stopped, paused and cancelled.

use std::time::Duration;

use chassis::bus::Queue;
use lapin::BasicProperties;
use lapin::options::QueueDeleteOptions;
use serde_json::{Value, json};

use super::desk::{Desk, headers};
use crate::fixture::until;

/// A desk with `count` waiting letters that a queue would have by now.
async fn desk_with(count: usize) -> Desk {
    let desk = Desk::changed(vec![("DEAD_LETTERS__SETTLE_MS", "600".to_owned())]).await;
    desk.lose("lost.key", count).await;
    until("they are there", async || usize::try_from(desk.count("waiting").await).unwrap() == count).await;
    desk.queue(Queue::quorum("found"), Some("lost.key")).await;
    desk
}

#[actix_web::test]
async fn a_selection_is_previewed_and_then_replayed() {
    let desk = desk_with(25).await;
    desk.publish(("esb_exchange", "other.key"), BasicProperties::default(), b"other").await;
    desk.wait_for("&text=other.key", 1).await;
    let selection = json!({"reason": "unroutable", "text": "lost.KEY"});
    let preview = desk.post("/esb/replays", &json!({"selection": selection, "dry_run": true})).await;
    let targets = json!([{"exchange": "esb_exchange", "routing_key": "lost.key", "count": 25}]);
    assert_eq!((preview.status, &preview.body), (200, &json!({"count": 25, "targets": targets})));
    assert_eq!(desk.count("waiting").await, 26, "a preview changes nothing");
    let started = desk.post("/esb/replays", &json!({"selection": selection})).await;
    assert_eq!((started.status, &started.body["total"]), (201, &json!(25)), "{}", started.text);
    assert_eq!(started.header("location"), format!("/esb/replays/{}", started.body["id"].as_str().unwrap()));
    let job = desk.job_in(&started.body["id"], "done").await;
    assert_eq!((&job["replayed"], &job["failed"], &job["skipped"]), (&json!(25), &json!(0), &json!(0)));
    let found = desk.take_all("found").await;
    let ids =
        found.iter().map(|message| message.properties.message_id().clone().unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(ids, (0..25).map(|number| format!("m-{number}")).collect::<Vec<_>>(), "in the order of their arrival");
    assert_eq!((desk.count("waiting").await, desk.count("replayed").await), (1, 25));
    let audit = desk.get(&format!("/esb/replays/{}/audit", job["id"].as_str().unwrap())).await.body;
    assert_eq!(audit["items"][0]["action"], "started");
    let letter = &desk.letters("&state=replayed").await[0];
    let audit = desk.get(&super::desk::path(letter, "/audit")).await.body;
    assert!(audit["items"][0]["detail"].as_str().unwrap().contains(job["id"].as_str().unwrap()));
    assert_eq!(desk.get("/esb/replays").await.body["items"][0]["id"], job["id"]);
}

#[actix_web::test]
async fn letters_are_chosen_by_id_too() {
    let desk = desk_with(3).await;
    let letters = desk.letters("").await;
    let ids = json!([letters[0]["id"], letters[2]["id"]]);
    let started = desk.post("/esb/replays", &json!({"ids": ids})).await;
    assert_eq!(desk.job_in(&started.body["id"], "done").await["replayed"], 2);
    assert_eq!(desk.count("waiting").await, 1);
    let again = desk.post("/esb/replays", &json!({"ids": ids})).await;
    assert_eq!((&again.body["state"], &again.body["total"]), (&json!("done"), &json!(0)));
    let wrong = [
        json!({}),
        json!({"ids": [], "dry_run": true}),
        json!({"ids": ids, "selection": {}}),
        json!({"selection": {"state": "replayed"}}),
        json!({"selection": {"text": "ab"}}),
        json!({"selection": {}, "per_second": 0}),
        json!({"selection": {}, "batches": []}),
        json!({"selection": {}, "batches": [1, 0]}),
        json!({"selection": {"raute": "x"}}),
    ];
    for body in wrong {
        assert_eq!(desk.post("/esb/replays", &body).await.status, 422, "{body}");
    }
    assert_eq!(desk.count("waiting").await, 1);
}

#[actix_web::test]
async fn a_rate_is_never_exceeded() {
    let desk = desk_with(400).await;
    let begun = std::time::Instant::now();
    let started = desk.post("/esb/replays", &json!({"selection": {}, "per_second": 100})).await;
    let job = desk.job_in(&started.body["id"], "done").await;
    let rate = 400.0 / begun.elapsed().as_secs_f64();
    assert_eq!(job["replayed"], 400);
    assert!(rate < 105.0, "{rate} a second: a busy machine may be late, but nothing makes it early");
    assert_eq!(desk.take_all("found").await.len(), 400);
}

#[actix_web::test]
async fn it_stops_when_the_first_comes_back() {
    let desk = desk_with(30).await;
    // Nobody is bound to it any more: what is replayed comes back.
    desk.channel.queue_delete("found".into(), QueueDeleteOptions::default()).await.unwrap();
    let body = json!({"selection": {}, "stop_on_failure": true, "batches": [2, 20]});
    let started = desk.post("/esb/replays", &body).await;
    let job = desk.job_in(&started.body["id"], "stopped").await;
    // It stops at the first: the second may be on its way back.
    assert!(job["replayed"] == 2 && (1..=2).contains(&job["came_back"].as_i64().unwrap()), "{job}");
    assert!(job["detail"].as_str().unwrap().contains("came back"));
    until("both are back", async || desk.count("waiting").await == 30).await;
    assert_eq!(desk.count("replayed").await, 2);
}

#[actix_web::test]
async fn it_stops_at_what_cannot_be_sent_or_goes_on_without_it() {
    let desk = desk_with(0).await;
    let dead = |exchange: &str| {
        let told = [
            ("x-dead-reason", "forbidden"),
            ("x-dead-detail", "it may not"),
            ("x-dead-exchange", exchange),
            ("x-dead-routing-key", "lost.key"),
        ];
        BasicProperties::default().with_headers(headers(&told))
    };
    let exchanges = ["esb_exchange", "esb_exchange", "gone", "esb_exchange", "esb_exchange"];
    for (number, exchange) in exchanges.into_iter().enumerate() {
        desk.publish(("dead_letters", "dead_letters"), dead(exchange), exchange.as_bytes()).await;
        desk.wait_for("", number + 1).await;
    }
    let body = json!({"selection": {}, "stop_on_failure": true, "batches": [1]});
    let started = desk.post("/esb/replays", &body).await;
    let job = desk.job_in(&started.body["id"], "stopped").await;
    assert_eq!(job["failed"], 1);
    assert_eq!((&job["replayed"], desk.count("waiting").await), (&json!(2), 3));
    let started = desk.post("/esb/replays", &json!({"selection": {}, "batches": [50]})).await;
    let job = desk.job_in(&started.body["id"], "done").await;
    assert_eq!((&job["replayed"], &job["failed"]), (&json!(2), &json!(1)));
    let waiting = desk.letters("&state=waiting").await;
    assert_eq!((waiting.len(), &waiting[0]["exchange"]), (1, &json!("gone")));
    let found = desk.take_all("found").await;
    let ids = found.iter().map(|message| super::desk::header(message, "x-replay-id").unwrap());
    assert_eq!(ids.collect::<std::collections::BTreeSet<_>>().len(), 4, "what is beside it gets through");
}

#[actix_web::test]
async fn it_rests_goes_on_and_ends_as_it_is_told() {
    let desk = desk_with(200).await;
    let started = desk.post("/esb/replays", &json!({"selection": {}, "per_second": 50, "batches": [200]})).await;
    let id = started.body["id"].clone();
    let turn = async |what: &str| desk.post(&format!("/esb/replays/{}/{what}", id.as_str().unwrap()), &json!({})).await;
    let replayed = async || desk.count("replayed").await;
    until("some are sent", async || replayed().await > 0).await;
    assert_eq!(turn("resume").await.told(), "409 replay-not-possible");
    assert_eq!(turn("pause").await.body["state"], "paused");
    until("what was under way is out", async || desk.count("replaying").await == 0).await;
    let before = replayed().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(replayed().await, before, "it rests");
    assert_eq!(turn("resume").await.body["state"], "running");
    until("it goes on", async || replayed().await > before).await;
    assert_eq!(turn("cancel").await.body["state"], "stopped");
    until("what was under way is out", async || desk.count("replaying").await == 0).await;
    // A page's letters are marked before the job counts them.
    let job = async || -> Value { desk.job_in(&id, "stopped").await };
    until("the job has counted them", async || job().await["replayed"] == replayed().await).await;
    assert!(desk.count("waiting").await > 0);
    assert_eq!(turn("resume").await.told(), "409 replay-not-possible");
    let audit = desk.get(&format!("/esb/replays/{}/audit", id.as_str().unwrap())).await.body;
    let actions = audit["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap().to_owned());
    assert_eq!(actions.collect::<Vec<_>>(), ["started", "paused", "running", "stopped"]);
}
