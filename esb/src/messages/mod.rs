//! The last messages through the bus, for operators to look at: in memory, within a budget, and never in the way.

mod flow;
mod http;
mod load;
mod passed;
mod redact;
mod shelf;
mod traffic;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chassis::Tasks;
use contracts::Id;
use metrics::Counter;
use tokio::sync::mpsc;

pub use flow::{Flow, Live};
pub use http::{Exchange, WholeBody, record_http, whole_us};
pub use load::{Content, Encoding, Load};
pub use passed::{Door, Message, MessageSummary, Outcome, Passed};
pub use redact::{hide, holds_credentials, redact, without_secrets};
pub use shelf::{Search, Shelved};
pub use traffic::{Asking, Minute, Series, Tally, Told, Traffic, Usage};

use self::shelf::Shelf;
use crate::settings;

/// How many messages may wait to be put on the shelf.
const WAITING_MAX: usize = 4096;
/// What part of the budget they may hold.
const WAITING_SHARE: usize = 8;

/// The last messages through the bus, and those that pass right now.
#[derive(Clone)]
pub struct Messages(Arc<Inner>);

struct Inner {
    /// None where nothing is kept.
    waiting: Option<mpsc::Sender<Waiting>>,
    /// How many bytes wait, and how many may.
    held: AtomicUsize,
    held_max: usize,
    body_max: usize,
    shelf: Shelf,
    flow: Flow,
    dropped: Counter,
}

/// A message on its way to the shelf.
struct Waiting {
    passed: Passed,
    cost: usize,
}

impl Messages {
    /// None yet, within this budget; with a budget of 0 nothing is kept, and nothing is shown as it passes.
    pub fn new(settings: &settings::Messages, tasks: &Tasks) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING_MAX);
        let held_max = settings.budget_bytes / WAITING_SHARE;
        let messages = Self(Arc::new(Inner {
            waiting: (settings.budget_bytes > 0).then_some(sender),
            held: AtomicUsize::new(0),
            held_max,
            body_max: settings.body_max_bytes,
            shelf: Shelf::new(settings.budget_bytes - held_max),
            flow: Flow::new(),
            dropped: metrics::counter!("esb_messages_dropped_total"),
        }));
        tasks.spawn_until_stop(messages.clone().put_away(waiting));
        messages
    }

    /// Whether anything is kept at all.
    pub fn is_on(&self) -> bool {
        self.0.waiting.is_some()
    }

    /// Notes a message, at once; what comes faster than it can be put away is counted and forgotten.
    pub fn record(&self, passed: Passed) {
        let Some(waiting) = &self.0.waiting else { return };
        let passed = passed.within(self.0.body_max);
        let cost = passed.cost();
        let held = self.0.held.fetch_add(cost, Ordering::Relaxed);
        if held + cost > self.0.held_max || waiting.try_send(Waiting { passed, cost }).is_err() {
            self.0.held.fetch_sub(cost, Ordering::Relaxed);
            self.0.dropped.increment(1);
        }
    }

    /// The message with this id, if it is still here.
    pub fn find(&self, id: Id<Message>) -> Option<Arc<Shelved>> {
        self.0.shelf.snapshot().into_iter().find(|shelved| shelved.message.summary.id == id)
    }

    /// What is searched for, the youngest first.
    pub fn search(&self, search: &Search) -> Vec<Arc<Shelved>> {
        self.0.shelf.snapshot().into_iter().filter(|shelved| search.matches(shelved)).take(search.limit).collect()
    }

    /// What passes right now; others may tell things there too.
    pub fn flow(&self) -> &Flow {
        &self.0.flow
    }

    async fn put_away(self, mut waiting: mpsc::Receiver<Waiting>) {
        while let Some(Waiting { passed, cost }) = waiting.recv().await {
            let message = passed.into_message();
            self.0.flow.pass(&message.summary);
            self.0.shelf.put(message);
            self.0.held.fetch_sub(cost, Ordering::Relaxed);
        }
    }
}
