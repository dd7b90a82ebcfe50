//! Work in the background that shutdown waits for.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The tasks of a process, and the wish to end them.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    failure: Arc<OnceLock<String>>,
}

impl Tasks {
    /// No tasks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `work` in the background; it should end soon after [`Self::stopping`] does.
    pub fn spawn<F>(&self, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tracker.spawn(work);
    }

    /// Runs `work` in the background, and drops it at its next await once the process stops.
    pub fn spawn_until_stop<F>(&self, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.stop.clone();
        self.tracker.spawn(async move {
            stop.run_until_cancelled(work).await;
        });
    }

    /// Asks every task to end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Asks every task to end, because the process can't go on; the first reason counts.
    pub fn fail(&self, reason: impl Into<String>) {
        self.failure.get_or_init(|| reason.into());
        self.stop();
    }

    /// Why the process could not go on.
    pub fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Whether the process is on its way out.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Ends when the process is asked to stop.
    pub async fn stopping(&self) {
        self.stop.cancelled().await;
    }

    /// Waits until every task has ended, `grace` at most; whether all did.
    pub async fn finish(&self, grace: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(grace, self.tracker.wait()).await.is_ok()
    }
}
