//! What passes right now, for whoever watches; it costs nothing while nobody does.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::broadcast;

use super::passed::{MessageSummary, Outcome};

/// How much a watcher may be behind before it misses something.
const BEHIND_MAX: usize = 512;

/// What passes right now.
#[derive(Clone)]
pub struct Flow(broadcast::Sender<Arc<Live>>);

/// Something that has just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// `message` or `saga`.
    pub kind: &'static str,
    /// The route, where there is one.
    pub route: Option<String>,
    /// What became of a message.
    pub outcome: Option<Outcome>,
    /// JSON, in one line.
    pub data: String,
}

impl Flow {
    pub(super) fn new() -> Self {
        Self(broadcast::Sender::new(BEHIND_MAX))
    }

    /// Begins to watch.
    pub fn watch(&self) -> broadcast::Receiver<Arc<Live>> {
        self.0.subscribe()
    }

    /// Whether anybody watches.
    pub fn is_watched(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Tells everybody who watches, and waits for nobody.
    pub fn tell(&self, live: Live) {
        // Nobody is there: nothing is missed.
        self.0.send(Arc::new(live)).ok();
    }

    /// The same for something with a document of its own.
    pub fn tell_of<T: Serialize>(&self, kind: &'static str, document: &T) {
        if let Some(data) = self.is_watched().then(|| serde_json::to_string(document).ok()).flatten() {
            self.tell(Live { kind, route: None, outcome: None, data });
        }
    }

    pub(super) fn pass(&self, summary: &MessageSummary) {
        if let Some(data) = self.is_watched().then(|| serde_json::to_string(summary).ok()).flatten() {
            let (route, outcome) = (Some(summary.route.clone()), Some(summary.outcome));
            self.tell(Live { kind: "message", route, outcome, data });
        }
    }
}
