//! What may succeed later is tried later.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chassis::Clock;
use chrono::TimeDelta;
use lapin::options::QueueDeclareOptions;
use lapin::types::{AMQPValue, FieldTable, ShortString};

use super::sender::{command, header, question};
use super::stage::{Stage, echo, problem};
use crate::fixture::{Changes, until};
use crate::upstream::{Reply, Seen};

const CANCEL: &str = r#"{"id":"o1"}"#;

/// As payment-service says it of a refund that is being made.
const IN_PROGRESS: &str =
    r#"{"type":"urn:problem:request-in-progress","title":"Request in progress","status":409,"detail":"wait"}"#;

/// Fails the first `failures` times.
fn shaky(failures: usize, failure: fn() -> Reply) -> impl Fn(&Seen) -> Reply + Send + Sync + 'static {
    let asked = Arc::new(AtomicUsize::new(0));
    move |seen: &Seen| if asked.fetch_add(1, Ordering::SeqCst) < failures { failure() } else { echo(seen) }
}

fn attempts(most: u32) -> Changes {
    vec![("AMQP__ATTEMPTS_MAX", most.to_string())]
}

#[actix_web::test]
async fn a_passing_failure_is_not_seen_by_the_sender() {
    let failures: [fn() -> Reply; 4] = [
        || problem(500, "internal"),
        || Reply::With(503, vec![("retry-after", "1")], String::new()),
        || problem(429, "too-many-requests"),
        || Reply::With(409, vec![("retry-after", "1")], IN_PROGRESS.to_owned()),
    ];
    for failure in failures {
        let stage = Stage::set(Vec::new(), shaky(2, failure)).await;
        let reply = stage.sender.ask("order.cancel", CANCEL, command("m")).await;
        assert!(reply.status == 200 && stage.asked().len() == 3, "{reply:?}");
        stage.sender.expect_no_letters().await;
    }
}

#[actix_web::test]
async fn what_never_succeeds_is_a_dead_letter_in_the_end() {
    let stage = Stage::set(attempts(3), shaky(9, || problem(500, "internal"))).await;
    let reply = stage.sender.ask("order.cancel", CANCEL, command("m").with_expiration("600000".into())).await;
    assert_eq!((reply.told().as_str(), stage.asked().len()), ("500 internal", 3));
    let letter = stage.sender.letter().await;
    assert_eq!(header(&letter, "x-dead-reason").unwrap(), "retries-exhausted");
    assert_eq!(header(&letter, "x-dead-expiration").unwrap(), "600000");
    let headers = letter.properties.headers().clone().unwrap();
    assert_eq!(headers.inner()["x-dead-attempts"], AMQPValue::LongLongInt(3));
    let names = headers.inner().keys().filter(|name| !name.as_str().starts_with("x-dead-")).collect::<Vec<_>>();
    assert!(names.is_empty(), "nothing of its waiting is left on it: {names:?}");
    assert!(header(&letter, "x-dead-first-at").unwrap() < header(&letter, "x-dead-last-at").unwrap());
}

#[actix_web::test]
async fn a_message_that_is_no_longer_good_is_not_tried_again() {
    let clock = Clock::frozen(Clock::real().now());
    let (hands, asked) = (clock.clone(), AtomicUsize::new(0));
    let slow = move |_: &Seen| {
        // The third time, it takes longer than the message is good.
        if asked.fetch_add(1, Ordering::SeqCst) == 2 {
            hands.advance(TimeDelta::seconds(600));
        }
        problem(500, "internal")
    };
    let stage = Stage::timed(clock, attempts(1000), slow).await;
    let reply = stage.sender.ask("order.get", CANCEL, question().with_expiration("600000".into())).await;
    assert_eq!(reply.told(), "500 internal");
    assert_eq!(header(&stage.sender.letter().await, "x-dead-reason").unwrap(), "expired");
    assert_eq!(stage.asked().len(), 3);
}

#[actix_web::test]
async fn a_sender_who_has_gone_is_not_waited_for() {
    let stage = Stage::set(Vec::new(), echo).await;
    stage.sender.post("order.cancel", CANCEL, command("m").with_reply_to("nobody-home".into())).await;
    stage.sender.post("order.cancel", CANCEL, command("n").with_reply_to(String::new().into())).await;
    until("both are served", async || stage.asked().len() == 2).await;
    let last = stage.sender.ask("order.get", CANCEL, question()).await;
    assert_eq!((last.status, stage.asked().len()), (200, 3));
    stage.sender.expect_no_letters().await;
}

#[actix_web::test]
async fn a_sender_whose_queue_is_full_holds_up_nobody_else() {
    let stage = Stage::set(attempts(2), echo).await;
    let arguments = [
        (ShortString::from("x-max-length"), AMQPValue::LongLongInt(1)),
        (ShortString::from("x-overflow"), AMQPValue::LongString("reject-publish".into())),
    ];
    let arguments = FieldTable::from(BTreeMap::from(arguments));
    let options = QueueDeclareOptions::durable();
    stage.sender.channel.queue_declare("full".into(), options, arguments).await.unwrap();
    for id in ["a", "b"] {
        stage.sender.post("order.cancel", CANCEL, command(id).with_reply_to("full".into())).await;
    }
    let letter = stage.sender.letter().await;
    assert_eq!(header(&letter, "x-dead-reason").unwrap(), "retries-exhausted");
    assert_eq!(header(&letter, "x-dead-detail").unwrap(), "the answer was 200, and its sender's queue did not take it");
    assert_eq!(stage.asked().len(), 2, "each was done once");
    assert_eq!(stage.sender.ask("order.cancel", CANCEL, command("c")).await.status, 200);
}

#[actix_web::test]
async fn a_token_that_a_service_refuses_is_replaced_once() {
    let stage = Stage::set(Vec::new(), shaky(1, || problem(401, "invalid-token"))).await;
    assert_eq!(stage.sender.ask("order.cancel", CANCEL, command("m")).await.status, 200);
    assert_eq!(stage.upstream.count("POST /auth/token"), 2);
    let stage = Stage::set(Vec::new(), shaky(9, || problem(401, "invalid-token"))).await;
    assert_eq!(stage.sender.ask("order.cancel", CANCEL, command("m")).await.told(), "401 invalid-token");
    assert_eq!(header(&stage.sender.letter().await, "x-dead-reason").unwrap(), "forbidden");
}
