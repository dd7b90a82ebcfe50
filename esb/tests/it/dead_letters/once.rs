//! What operators do under a key is done once.

use chassis::bus::Queue;
use contracts::{Customer, Id};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{Desk, path};
use crate::fixture::{Answer, until};

impl Desk {
    async fn post_under(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = self.bus.ask(Method::POST, path).bearer_auth(&self.token).header("idempotency-key", key);
        self.bus.send(request.json(body)).await
    }

    async fn replays(&self) -> usize {
        self.get("/esb/replays").await.body["items"].as_array().unwrap().len()
    }
}

#[actix_web::test]
async fn of_ten_replays_with_one_key_one_is_started() {
    let desk = Desk::open().await;
    desk.lose("lost.key", 3).await;
    desk.wait_for("", 3).await;
    desk.queue(Queue::quorum("found"), Some("lost.key")).await;
    let wanted = json!({"selection": {"text": "lost.key"}});
    let answers = join_all((0..10).map(|_| desk.post_under("k", "/esb/replays", &wanted))).await;
    let told = answers.iter().map(Answer::told).collect::<Vec<_>>();
    assert!(told.iter().all(|told| told == "201" || told == "409 request-in-progress"), "{told:?}");
    let first = answers.iter().filter(|answer| answer.status == 201 && !answer.is_replayed()).collect::<Vec<_>>();
    assert_eq!(first.len(), 1, "{told:?}");
    desk.job_in(&first[0].body["id"], "done").await;
    let again = desk.post_under("k", "/esb/replays", &wanted).await;
    assert_eq!((again.status, again.is_replayed(), &again.text), (201, true, &first[0].text), "as it was then");
    assert_eq!(again.header("location"), first[0].header("location"));
    let other = json!({"selection": {"text": "other.key"}});
    assert_eq!(desk.post_under("k", "/esb/replays", &other).await.told(), "422 idempotency-mismatch");
    assert_eq!((desk.replays().await, desk.take_all("found").await.len()), (1, 3));
    let anew = desk.post("/esb/replays", &wanted).await;
    assert_eq!((anew.status, anew.is_replayed(), desk.replays().await), (201, false, 2), "without a key it is another");
}

#[actix_web::test]
async fn a_letter_is_given_up_once_and_a_message_sent_once() {
    let desk = Desk::open().await;
    desk.lose("lost.key", 1).await;
    let letter = desk.wait_for("", 1).await.remove(0);
    let (discard, reason) = (path(&letter, "/discard"), json!({"reason": "a test"}));
    let first = desk.post_under("d", &discard, &reason).await;
    let again = desk.post_under("d", &discard, &reason).await;
    assert_eq!((first.status, again.status, again.is_replayed()), (200, 200, true), "{}", again.text);
    assert_eq!(again.text, first.text);
    assert_eq!(desk.post_under("d", &path(&letter, "/replay"), &reason).await.told(), "422 idempotency-mismatch");
    desk.queue(Queue::quorum("found"), Some("some.key")).await;
    let message = json!({"routing_key": "some.key", "content_type": "text/plain", "body": "x", "wait_ms": 0});
    let first = desk.post_under("p", "/esb/publish", &message).await;
    let again = desk.post_under("p", "/esb/publish", &message).await;
    assert_eq!((first.status, again.is_replayed(), &again.text), (200, true, &first.text), "{}", first.text);
    assert_eq!(desk.take_all("found").await.len(), 1);
}

#[actix_web::test]
async fn every_command_of_the_bus_takes_a_key() {
    let desk = Desk::open().await;
    until("the broker is there", async || desk.bus.get("/health/ready").await.status == 200).await;
    let nobody = Id::<Customer>::mint();
    let commands = [
        format!("/esb/dead-letters/{nobody}/replay"),
        format!("/esb/dead-letters/{nobody}/discard"),
        format!("/esb/replays/{nobody}/pause"),
        format!("/esb/replays/{nobody}/resume"),
        format!("/esb/replays/{nobody}/cancel"),
        format!("/esb/sagas/{nobody}/cancel"),
        format!("/esb/sagas/{nobody}/retry"),
    ];
    for path in commands {
        let first = desk.post_under(&path, &path, &json!({})).await;
        assert_eq!((first.status, first.is_replayed()), (404, false), "{path}: {}", first.text);
        let again = desk.post_under(&path, &path, &json!({})).await;
        assert_eq!((again.status, again.is_replayed(), &again.text), (404, true, &first.text), "{path}");
        assert_eq!(desk.post_under("a b", &path, &json!({})).await.told(), "422 invalid-idempotency-key", "{path}");
        let customer = desk.bus.ask(Method::POST, &path).bearer_auth(desk.bus.issuer.customer(nobody));
        let refused = desk.bus.send(customer.header("idempotency-key", &path).json(&json!({}))).await;
        assert_eq!(refused.told(), "403 forbidden", "{path}");
    }
    let described = desk.bus.get("/openapi.json").await.body;
    for (path, item) in described["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/esb/")) {
        let parameters = item["post"]["parameters"].as_array().cloned().unwrap_or_default();
        let is_said = parameters.iter().any(|one| one["name"] == "Idempotency-Key");
        assert_eq!(is_said, item["post"].is_object(), "{path}");
    }
}
