//! Group commit: what comes while one batch is at the disk goes with the next, in one command and one sync, however much
//! that is.

use std::time::Duration;

use tokio::sync::mpsc;

/// How long more may gather where the last batch was not one job alone; a quiet service does not wait.
const GATHER: Duration = Duration::from_millis(2);
/// How many jobs go in one command.
const BATCH_MAX: usize = 256;

/// What waits to be written.
#[derive(Debug)]
pub(super) struct Batches<J> {
    waiting: mpsc::Receiver<J>,
    busy: bool,
}

impl<J> Batches<J> {
    /// Where jobs go in, and where they come out.
    pub(super) fn new() -> (mpsc::Sender<J>, Self) {
        let (jobs, waiting) = mpsc::channel(BATCH_MAX);
        (jobs, Self { waiting, busy: false })
    }

    /// All that waits, at least one; `None` when nobody can send any more.
    pub(super) async fn next(&mut self) -> Option<Vec<J>> {
        let mut jobs = Vec::new();
        if self.waiting.recv_many(&mut jobs, BATCH_MAX).await == 0 {
            return None;
        }
        if self.busy {
            tokio::time::sleep(GATHER).await;
            while let (true, Ok(job)) = (jobs.len() < BATCH_MAX, self.waiting.try_recv()) {
                jobs.push(job);
            }
        }
        self.busy = jobs.len() > 1;
        Some(jobs)
    }
}
