//! The work on one job, page by page, as long as it is ours.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::batches::{Edge, batch};
use super::books::Books;
use super::courier::{Courier, Sorted, Standing};
use super::pace::Pace;
use crate::dead_letters::Inner;
use crate::dead_letters::outbound::Sender;
use crate::dead_letters::store::{Job, Page};
use crate::store::StoreError;

/// How often it is asked whether replays have come back.
const LOOK: Duration = Duration::from_millis(250);

/// Works on a job.
pub(super) struct Worker {
    parts: Arc<Inner>,
    courier: Courier,
    books: Books,
}

impl Worker {
    pub(super) fn new(parts: Arc<Inner>, sender: Sender, job: Job) -> Self {
        let pace = Pace::new(job.per_second.and_then(|rate| u32::try_from(rate).ok()));
        let courier = Courier { parts: Arc::clone(&parts), sender, pace, job: job.clone() };
        Self { courier, books: Books { parts: Arc::clone(&parts), job }, parts }
    }

    /// Until the job is over, somebody else's, or the process stops.
    pub(super) async fn work(mut self) -> Result<(), StoreError> {
        let total = self.books.job.total;
        let goes_on = if self.books.job.stop_on_failure { self.in_batches().await? } else { self.go_to(total).await? };
        if goes_on && self.is_over() { self.end().await } else { self.parts.letters.release_job(&self.books.job).await }
    }

    /// Batch by batch, and after each of them it is seen whether any came back. Whether the job is to go on after it.
    async fn in_batches(&mut self) -> Result<bool, StoreError> {
        while !self.parts.tasks.is_stopping() {
            let job = &self.books.job;
            let (end, edge) = batch(&job.batches, job.place);
            let look = job.place > 0 && (self.is_over() || edge == Edge::Begins);
            let Some(came_back) = (if look { self.watch().await? } else { Some(0) }) else { return Ok(false) };
            if came_back > 0 || self.books.job.failed > 0 {
                self.stop(came_back).await?;
                return Ok(false);
            }
            if self.is_over() {
                return Ok(true);
            }
            // One that broke off at a failure is stopped above.
            if !self.go_to(end.min(self.books.job.total)).await? && self.books.job.failed == 0 {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Page by page: one is sent while the one before it is written down and the one behind it is taken, or the writing
    /// would slow the sending. Whether the job is to go on after it.
    async fn go_to(&mut self, end: i64) -> Result<bool, StoreError> {
        let mut next = self.books.turn(None, (self.books.job.place, end)).await?;
        let mut before = None;
        while let Some(page) = next {
            let turn = self.books.turn(before.take(), (page.end, end));
            let ((sorted, standing), taken) = tokio::join!(self.courier.send(&page.items), turn);
            match (standing, taken) {
                (Ok(Standing::Ours), Ok(taken)) => (before, next) = (Some((page, sorted)), taken),
                (standing, taken) => return self.break_off(&sorted, standing, taken).await,
            }
        }
        match before {
            Some(last) => self.books.settle(last).await,
            None => Ok(true),
        }
    }

    /// What has left is written down, or it would be sent again; what was taken ahead never left.
    async fn break_off(
        &self,
        sorted: &Sorted,
        standing: Result<Standing, StoreError>,
        taken: Result<Option<Page>, StoreError>,
    ) -> Result<bool, StoreError> {
        self.books.mark(sorted).await?;
        if let Some(ahead) = taken? {
            self.books.put_back(&ahead).await?;
        }
        standing.map(|_over| false)
    }

    fn is_over(&self) -> bool {
        self.books.job.place >= self.books.job.total
    }

    /// Waits whether replays come back as dead letters; how many. `None` where the job is no longer ours.
    async fn watch(&self) -> Result<Option<i64>, StoreError> {
        let until = Instant::now() + Duration::from_millis(self.parts.settings.settle_ms);
        loop {
            if self.parts.tasks.is_stopping() || !self.courier.renew().await? {
                return Ok(None);
            }
            let came_back = self.parts.letters.job(self.books.job.id).await?.map_or(0, |job| job.came_back);
            if came_back > 0 || Instant::now() >= until {
                return Ok(Some(came_back));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn stop(&self, came_back: i64) -> Result<(), StoreError> {
        let detail = format!("{} could not be replayed, {came_back} came back as dead letters", self.books.job.failed);
        self.books.finish(("stopped", Some(detail))).await
    }

    async fn end(&self) -> Result<(), StoreError> {
        let nothing = self.books.job.replayed == 0 && self.books.job.failed > 0;
        let detail = nothing.then(|| "none of them could be replayed".to_owned());
        self.books.finish((if nothing { "failed" } else { "done" }, detail)).await
    }
}
