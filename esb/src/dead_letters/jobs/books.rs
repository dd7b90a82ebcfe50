//! What is written down about a job while it goes on.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::courier::Sorted;
use crate::dead_letters::Inner;
use crate::dead_letters::store::{Job, Outcome, Page};
use crate::store::StoreError;

/// How many letters are taken at once.
const PAGE_MAX: i64 = 1000;

/// Where a job stands, and its pages.
pub(super) struct Books {
    pub(super) parts: Arc<Inner>,
    pub(super) job: Job,
}

/// A page that was sent.
pub(super) type Done = (Page, Sorted);

impl Books {
    /// Writes down what became of the page before, then takes the next one behind `place`, up to `end`. `None` where there
    /// is none, or the job is not to go on.
    pub(super) async fn turn(
        &mut self,
        before: Option<Done>,
        (place, end): (i64, i64),
    ) -> Result<Option<Page>, StoreError> {
        if let Some(before) = before
            && !self.settle(before).await?
        {
            return Ok(None);
        }
        if place >= end || self.parts.tasks.is_stopping() { Ok(None) } else { self.take(place, end).await }
    }

    /// The next page behind `place`, up to `end`; `None` where the job is not ours to work on, or paused.
    pub(super) async fn take(&self, place: i64, end: i64) -> Result<Option<Page>, StoreError> {
        let most = self.page_size().min(end - place);
        self.parts.letters.next_page(&self.job, (place, most), self.terms()).await
    }

    /// Whether the job is still ours after it, and goes on.
    pub(super) async fn settle(&mut self, (page, sorted): Done) -> Result<bool, StoreError> {
        self.mark(&sorted).await?;
        let Sorted { sent, refused } = sorted;
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let replayed = count(sent.len()) + page.already;
        let failed = count(refused.len());
        let skipped = (page.end - page.begin - replayed - failed).max(0);
        let outcome = Outcome { end: page.end, replayed, failed, skipped };
        let Some(job) = self.parts.letters.advance(&self.job, &outcome, self.terms()).await? else { return Ok(false) };
        self.job = job;
        // What comes behind the first failure stays, but for the page that is on its way.
        let failed = self.job.stop_on_failure && self.job.failed > 0;
        Ok(self.job.state == "running" && !failed)
    }

    /// Writes down what became of letters, without a word about where the job stands.
    pub(super) async fn mark(&self, Sorted { sent, refused }: &Sorted) -> Result<(), StoreError> {
        if !sent.is_empty() {
            self.parts.letters.replayed(sent, self.parts.clock.now()).await?;
        }
        if !refused.is_empty() {
            self.parts.letters.refused(refused, self.parts.clock.now()).await?;
        }
        Ok(())
    }

    /// Lets the letters of a page wait again of which none was sent.
    pub(super) async fn put_back(&self, page: &Page) -> Result<(), StoreError> {
        self.parts.letters.put_back(&self.job, page, self.parts.clock.now()).await
    }

    /// A page at this rate takes half a second at most, so that a pause is heard soon.
    fn page_size(&self) -> i64 {
        self.job.per_second.map_or(PAGE_MAX, |rate| (i64::from(rate) / 2).clamp(1, PAGE_MAX))
    }

    pub(super) async fn finish(&self, end: (&str, Option<String>)) -> Result<(), StoreError> {
        tracing::info!(replay.id = %self.job.id, "replay {} is {}", self.job.id, end.0);
        self.parts.letters.end_job(&self.job, end, self.parts.clock.now()).await
    }

    fn terms(&self) -> (Duration, DateTime<Utc>) {
        (self.parts.settings.lease(), self.parts.clock.now())
    }
}
