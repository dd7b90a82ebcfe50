//! Whatever dies in the middle: nothing of a replay is lost, and another goes on with it.

use std::collections::BTreeSet;

use chassis::bus::Queue;
use lapin::BasicProperties;
use serde_json::json;

use super::desk::{Desk, changes, header, path};
use crate::fixture::until;

#[actix_web::test]
async fn a_replay_that_was_begun_and_not_ended_is_sent_again() {
    let desk = Desk::open().await;
    desk.publish(("esb_exchange", "lost.key"), BasicProperties::default().with_message_id("m-1".into()), b"x").await;
    let letter = desk.wait_for("", 1).await[0].clone();
    desk.queue(Queue::quorum("found"), Some("lost.key")).await;
    // As one leaves it that is killed between its mark and the broker's confirm.
    desk.sql(
        "UPDATE dead_letters SET state = 'replaying', replayed_as = '01890a5d-ac96-774b-bcce-b302099a8057', \
         replay_actor = 'operator:ada', replay_until = now() - interval '1 second'",
    )
    .await;
    let message = desk.take("found").await;
    assert_eq!(message.properties.message_id().as_ref().unwrap().as_str(), "m-1");
    assert_eq!(header(&message, "x-replay-id").unwrap(), "01890a5d-ac96-774b-bcce-b302099a8057");
    until("it is recorded", async || desk.get(&path(&letter, "")).await.body["state"] == "replayed").await;
    let audit = desk.get(&path(&letter, "/audit")).await.body;
    assert_eq!(
        (&audit["items"][0]["actor"], &audit["items"][0]["action"]),
        (&json!("operator:ada"), &json!("replayed"))
    );
}

#[actix_web::test]
async fn another_goes_on_with_the_replay_of_many() {
    let desk = Desk::open().await;
    desk.lose("lost.key", 150).await;
    until("they are there", async || desk.count("waiting").await == 150).await;
    desk.queue(Queue::quorum("found"), Some("lost.key")).await;
    let started = desk.post("/esb/replays", &json!({"selection": {}, "per_second": 50})).await;
    until("some are sent", async || desk.count("replayed").await > 10).await;
    // The owner is another one now, which is dead: what the first has under way no longer counts.
    desk.sql("UPDATE replay_jobs SET owner = gen_random_uuid(), lease_until = now() - interval '1 second'").await;
    let twin = desk.bus.twin_changed(changes(&desk.vhost)).await;
    let job = desk.job_in(&started.body["id"], "done").await;
    twin.stop();
    assert_eq!(job["replayed"].as_i64().unwrap() + job["skipped"].as_i64().unwrap(), 150, "{job}");
    assert_eq!((desk.count("replayed").await, desk.count("waiting").await), (150, 0));
    let found = desk.take_all("found").await;
    let ids = found.iter().map(|message| message.properties.message_id().clone().unwrap().to_string());
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), 150, "all of them");
    let replays = found.iter().map(|message| header(message, "x-replay-id").unwrap()).collect::<BTreeSet<_>>();
    assert_eq!(replays.len(), 150, "what was sent twice is the same replay");
}

#[actix_web::test]
async fn instances_share_the_work_and_do_nothing_twice() {
    let desk = Desk::open().await;
    let twin = desk.bus.twin_changed(changes(&desk.vhost)).await;
    desk.lose("lost.key", 300).await;
    until("they are there", async || desk.count("waiting").await == 300).await;
    desk.queue(Queue::quorum("found"), Some("lost.key")).await;
    // Two replays of the same letters, asked for at both: each letter goes out once.
    let wish = json!({"selection": {"text": "lost.key"}});
    let (first, second) =
        tokio::join!(desk.post("/esb/replays", &wish), twin.post_as(&desk.token, "/esb/replays", &wish));
    let mut replayed = 0;
    for started in [first, second] {
        replayed += desk.job_in(&started.body["id"], "done").await["replayed"].as_i64().unwrap();
    }
    assert_eq!((replayed, desk.take_all("found").await.len()), (300, 300));
}

#[actix_web::test]
async fn settled_letters_are_taken_away_and_waiting_ones_never() {
    let desk = Desk::changed(vec![("DEAD_LETTERS__PURGE_INTERVAL_S", "1".to_owned())]).await;
    desk.lose("lost.key", 3).await;
    let letters = desk.wait_for("", 3).await;
    for letter in &letters[..2] {
        assert_eq!(desk.post(&path(letter, "/discard"), &json!({})).await.status, 200);
    }
    let old = letters[0]["id"].as_str().unwrap();
    desk.sql(&format!("UPDATE dead_letters SET settled_at = now() - interval '91 days' WHERE id = '{old}'")).await;
    desk.sql("UPDATE dead_letters SET arrived_at = now() - interval '5 years' WHERE state = 'waiting'").await;
    until("the old one is gone", async || desk.get(&path(&letters[0], "")).await.status == 404).await;
    assert_eq!((desk.count("waiting").await, desk.count("discarded").await), (1, 1));
}
