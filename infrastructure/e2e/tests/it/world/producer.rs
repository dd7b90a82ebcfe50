//! A steady producer: places order after order over the bus, and keeps book of what the broker confirmed and of what came
//! back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chassis::Tasks;
use chassis::bus::{Bus, Intake, Outgoing, Queue, Settled, Topology};
use chassis::settings::Broker;
use lapin::BasicProperties;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::new_key;

const REPLIES: &str = "replies";
/// How long one producer waits for an answer before it goes on to its next order.
const PATIENCE: Duration = Duration::from_secs(3);

/// What was confirmed, and all that was answered to it.
#[derive(Default)]
pub(crate) struct Book {
    confirmed: Mutex<BTreeMap<String, Vec<Value>>>,
    changed: Notify,
    stopped: AtomicBool,
}

/// Producers at work.
pub(crate) struct Producers {
    pub(crate) book: Arc<Book>,
    bus: Bus,
    tasks: Tasks,
    work: JoinSet<()>,
}

impl Producers {
    /// So many of them, who place this order on the broker at `url`.
    pub(crate) async fn start(url: &str, order: &Value, count: usize) -> Self {
        let (tasks, book) = (Tasks::new(), Arc::new(Book::default()));
        let topology = Topology { queues: vec![Queue::quorum(REPLIES)], ..Topology::default() };
        let broker = Broker { url: url.to_owned().into() };
        let bus = Bus::connect_with(&broker, "producers", &tasks, topology).unwrap();
        let replies = Arc::clone(&book);
        bus.take(Intake { queue: REPLIES.to_owned(), at_once: 100 }, move |reply| {
            let (id, body) = (reply.properties.correlation_id().as_ref().unwrap().to_string(), reply.body);
            replies.answered(&id, serde_json::from_slice(&body).unwrap());
            async { Settled::Done }
        });
        testbed::wait::until("the producers are connected", PATIENCE, async || bus.is_up()).await.unwrap();
        let work = (0..count).map(|_| produce(bus.clone(), Arc::clone(&book), order.clone())).collect();
        Self { book, bus, tasks, work }
    }

    /// No further orders. What was confirmed by now is all there is.
    pub(crate) async fn stop(&mut self) {
        self.book.stopped.store(true, Ordering::Relaxed);
        std::mem::take(&mut self.work).join_all().await;
    }

    /// Whether the producers' own connection is there.
    pub(crate) fn are_connected(&self) -> bool {
        self.bus.is_up()
    }
}

impl Drop for Producers {
    fn drop(&mut self) {
        self.tasks.stop();
    }
}

impl Book {
    /// How many orders have an answer.
    pub(crate) fn answered_count(&self) -> usize {
        self.confirmed.lock().unwrap().values().filter(|answers| !answers.is_empty()).count()
    }

    /// How many orders the broker has confirmed.
    pub(crate) fn confirmed_count(&self) -> usize {
        self.confirmed.lock().unwrap().len()
    }

    /// The id of the one order that each message came to; fails where an answer says otherwise than another, or no.
    pub(crate) fn orders(&self) -> Vec<String> {
        let book = self.confirmed.lock().unwrap();
        let one = |(message, answers): (&String, &Vec<Value>)| {
            let order = |answer: &Value| answer["order"]["id"].as_str().map(ToOwned::to_owned);
            let first = order(&answers[0]).unwrap_or_else(|| panic!("{message}: {}", answers[0]));
            assert!(answers.iter().all(|answer| order(answer).as_ref() == Some(&first)), "{message}: {answers:?}");
            first
        };
        book.iter().map(one).collect()
    }

    /// Waits for the next answer to anything, `bound` at most; whether there was one.
    pub(crate) async fn next_answer(&self, bound: Duration) -> Option<Duration> {
        let (began, before) = (Instant::now(), self.answered_count());
        let more = async {
            while self.answered_count() == before {
                self.changed.notified().await;
            }
        };
        tokio::time::timeout(bound, more).await.ok().map(|()| began.elapsed())
    }

    fn answered(&self, id: &str, answer: Value) {
        self.confirmed.lock().unwrap().entry(id.to_owned()).or_default().push(answer);
        self.changed.notify_waiters();
    }
}

async fn produce(bus: Bus, book: Arc<Book>, order: Value) {
    let body = order.to_string();
    while !book.stopped.load(Ordering::Relaxed) {
        let id = new_key();
        let properties = BasicProperties::default()
            .with_content_type("application/json".into())
            .with_message_id(id.as_str().into())
            .with_correlation_id(id.as_str().into())
            .with_reply_to(REPLIES.into());
        let message = Outgoing { exchange: "esb_exchange", key: "order.place", properties, body: body.as_bytes() };
        // Without a confirm nobody knows whether the broker has it: it is sent again, as the same message.
        while bus.publish(message.clone()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        book.confirmed.lock().unwrap().entry(id.clone()).or_default();
        let answered = async || !book.confirmed.lock().unwrap()[&id].is_empty();
        testbed::wait::until("an answer", PATIENCE, answered).await.ok();
    }
}
