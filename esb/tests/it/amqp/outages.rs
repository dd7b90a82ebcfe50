//! A broker that dies and comes back: nothing is lost, and nobody has to do anything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lapin::options::QueueDeclareOptions;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use testbed::engine::{Durability, Kind, Site};
use testbed::process::Bond;
use testbed::{Engine, Issuer};

use super::sender::{Sender, command, consume, next};
use super::stage::{echo, problem, quick, ready, services};
use crate::fixture::{Bus, until};
use crate::upstream::Seen;

const CANCEL: &str = r#"{"id":"o1"}"#;

/// A broker that nobody else uses, in a folder that goes with the test.
async fn broker() -> (Engine, PathBuf) {
    let folder = testbed::shared::folder().join(format!("broker-{}", std::process::id()));
    let site = Site::open(&folder, Kind::Rabbitmq, Durability::Process).await.unwrap();
    let engine = Engine::open(site, Bond::Starter);
    engine.start().await.unwrap();
    (engine, folder)
}

async fn connected(bus: &Bus) {
    for _ in 0..4 {
        if bus.get("/health/ready").await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    ready(bus).await;
}

/// RabbitMQ 3.10 writes down a new quorum queue seconds after it has said that it is there, and one that it has not
/// written down is lost for good when it is killed.
async fn written_down(folder: &Path, queue: &str) {
    until("the broker has written down its queues", async || {
        let names = files(folder).into_iter().filter(|path| path.ends_with("names.dets"));
        let mut texts = names.filter_map(|path| std::fs::read(path).ok());
        texts.any(|text| text.windows(queue.len()).any(|part| part == queue.as_bytes()))
    })
    .await;
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[actix_web::test]
async fn a_message_that_waits_for_another_try_outlives_the_broker() {
    let (engine, folder) = broker().await;
    let url = engine.site().url("%2f");
    let sender = Sender::connect(&url).await;
    let quorum = [(ShortString::from("x-queue-type"), AMQPValue::LongString("quorum".into()))];
    let arguments = FieldTable::from(BTreeMap::from(quorum));
    sender.channel.queue_declare("answers".into(), QueueDeclareOptions::durable(), arguments).await.unwrap();
    let healthy = Arc::new(AtomicBool::new(false));
    let state = Arc::clone(&healthy);
    let behave = move |seen: &Seen| if state.load(Ordering::SeqCst) { echo(seen) } else { problem(500, "internal") };
    let issuer = Arc::new(Issuer::start().await);
    let upstream = services(Arc::clone(&issuer), behave);
    let mut changes = quick(&url);
    changes.push(("AMQP__BACKOFF_MS", "2000".to_owned()));
    changes.push(("AMQP__BACKOFF_MAX_MS", "4000".to_owned()));
    let bus = Bus::issued(issuer, &[&upstream.url; 3].map(Clone::clone), changes).await;
    connected(&bus).await;
    written_down(&folder, "answers").await;
    written_down(&folder, "esb.retry.4000").await;
    sender.post("order.cancel", CANCEL, command("m").with_reply_to("answers".into())).await;
    let retried =
        async || bus.get("/metrics").await.text.contains("esb_message_retries_total{route=\"cancel-order\"} 1");
    until("it waits", retried).await;
    engine.kill9().await.unwrap();
    until("the bus knows", async || bus.get("/health/ready").await.status == 503).await;
    healthy.store(true, Ordering::SeqCst);
    engine.start().await.unwrap();
    connected(&bus).await;
    let again = Sender::connect(&url).await;
    let mut answers = consume(&again.channel, "answers").await;
    let answer = next(&mut answers).await;
    assert_eq!(answer.properties.correlation_id().as_ref().unwrap().as_str(), "m");
    assert_eq!(again.ask("order.cancel", CANCEL, command("n")).await.status, 200);
    bus.stop();
    engine.discard().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}
