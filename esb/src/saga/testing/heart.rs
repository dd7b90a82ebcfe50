//! Whether a process of the play is alive: it freezes at a moment that a test chooses.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// The heart of a process: it stops at the n-th beat, and may be set beating again.
pub(crate) struct Heart {
    left: AtomicUsize,
    stopped: watch::Sender<bool>,
}

impl Heart {
    pub(crate) fn new(beats: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(beats), stopped: watch::Sender::new(false) })
    }

    /// A moment at which a process may die.
    pub(super) async fn beat(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            self.stopped.send_replace(true);
        }
        self.alive().await;
    }

    /// A frozen process does nothing.
    pub(super) async fn alive(&self) {
        self.stopped.subscribe().wait_for(|stopped| !stopped).await.expect("the heart is there");
    }

    pub(crate) async fn stops(&self) {
        self.stopped.subscribe().wait_for(|stopped| *stopped).await.expect("the heart is there");
    }

    pub(crate) fn thaw(&self) {
        self.left.store(usize::MAX, Ordering::Relaxed);
        self.stopped.send_replace(false);
    }
}
