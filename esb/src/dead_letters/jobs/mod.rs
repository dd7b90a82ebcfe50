//! Replays of many: one instance works on each, others take over when it falls silent.

mod batches;
mod books;
mod courier;
mod pace;
mod work;

use std::sync::Arc;
use std::time::Duration;

use contracts::Id;
use uuid::Uuid;

use self::work::Worker;
use super::outbound::Sender;
use super::store::{Doer, Job, NewJob};
use super::{DeadLetterError, DeadLetters};
use crate::store::StoreError;

/// How many jobs an instance works on at once.
const WORKERS: usize = 4;

impl DeadLetters {
    /// Fixes the selection, and starts.
    pub(crate) async fn start_job(&self, new: &NewJob, doer: &Doer) -> Result<Job, DeadLetterError> {
        self.0.letters.create_job(new, doer).await?;
        self.0.started.notify_one();
        self.job(new.id).await
    }

    /// The job.
    pub(crate) async fn job(&self, id: Uuid) -> Result<Job, DeadLetterError> {
        self.0.letters.job(id).await?.ok_or(DeadLetterError::NoJob)
    }

    /// From one of these states into that one.
    pub(crate) async fn turn_job(&self, id: Uuid, turn: (&[&str], &str), doer: &Doer) -> Result<Job, DeadLetterError> {
        let turned = self.0.letters.turn_job(id, turn, doer).await?;
        let job = self.job(id).await?;
        self.0.started.notify_one();
        if turned { Ok(job) } else { Err(DeadLetterError::JobState(job.state)) }
    }

    pub(super) fn spawn_workers(&self) {
        for _ in 0..WORKERS {
            let letters = self.clone();
            self.0.tasks.spawn(async move { letters.keep_working().await });
        }
    }

    async fn keep_working(self) {
        let Some(sender) = self.0.sender.as_ref().map(Sender::apart) else { return };
        let scan = Duration::from_millis(self.0.settings.scan_ms);
        while !self.0.tasks.is_stopping() {
            match self.work_on_one(&sender).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!("a replay rests: {}", chassis::fault::chain(&error)),
            }
            tokio::select! {
                () = self.0.tasks.stopping() => {}
                () = self.0.started.notified() => {}
                () = tokio::time::sleep(scan) => {}
            }
        }
    }

    /// Whether there was one that nobody worked on.
    async fn work_on_one(&self, sender: &Sender) -> Result<bool, StoreError> {
        let owner = Id::<Job>::mint().uuid();
        let Some(job) = self.0.letters.claim_job(owner, self.0.settings.lease()).await? else { return Ok(false) };
        Worker::new(Arc::clone(&self.0), sender.clone(), job).work().await?;
        Ok(true)
    }
}
