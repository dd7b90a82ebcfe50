//! The work on one job, page by page, as long as it is ours.

use std::sync::Arc;
use std::time::Duration;

use chassis::bus::Sent;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use tokio::time::Instant;

use super::batches::{Edge, batch};
use super::pace::Pace;
use crate::dead_letters::Inner;
use crate::dead_letters::outbound::{Fate, Sender};
use crate::dead_letters::store::{Item, Job, Outcome};
use crate::store::StoreError;

/// How many letters are under way at once.
const PAGE_MAX: i64 = 1000;
/// How long to wait for a broker that is away, before the next try.
const REST: Duration = Duration::from_millis(500);
/// How often it is asked whether replays have come back.
const LOOK: Duration = Duration::from_millis(250);

/// Works on a job.
pub(super) struct Worker {
    parts: Arc<Inner>,
    sender: Sender,
    pace: Pace,
    job: Job,
}

/// What became of an item of a page.
type Sorted = (Vec<uuid::Uuid>, Vec<(uuid::Uuid, String)>);

impl Worker {
    pub(super) fn new(parts: Arc<Inner>, sender: Sender, job: Job) -> Self {
        let pace = Pace::new(job.per_second.and_then(|rate| u32::try_from(rate).ok()));
        Self { parts, sender, pace, job }
    }

    /// Until the job is over, somebody else's, or the process stops.
    pub(super) async fn work(mut self) -> Result<(), StoreError> {
        while !self.parts.tasks.is_stopping() {
            let (end, edge) = batch(&self.job.batches, self.job.place);
            let over = self.job.place >= self.job.total;
            let look = self.job.stop_on_failure && self.job.place > 0 && (over || edge == Edge::Begins);
            let Some(came_back) = (if look { self.watch().await? } else { Some(0) }) else { break };
            if self.job.stop_on_failure && (came_back > 0 || self.job.failed > 0) {
                return self.stop(came_back).await;
            }
            if over {
                return self.end().await;
            }
            // Batches are for looking back between them; where nobody does, they would only make pages small.
            let end = if self.job.stop_on_failure { end.min(self.job.total) } else { self.job.total };
            if !self.page(end).await? || self.job.state != "running" {
                break;
            }
        }
        self.parts.letters.release_job(&self.job).await
    }

    /// A page at this rate takes half a second at most, so that a pause is heard soon.
    fn page_size(&self) -> i64 {
        self.job.per_second.map_or(PAGE_MAX, |rate| (i64::from(rate) / 2).clamp(1, PAGE_MAX))
    }

    /// Whether the job is still ours after it.
    async fn page(&mut self, end: i64) -> Result<bool, StoreError> {
        let most = self.page_size().min(end - self.job.place);
        let Some(page) = self.parts.letters.next_page(&self.job, most, self.terms()).await? else { return Ok(false) };
        let Some((sent, refused)) = self.send(&page.items).await? else { return Ok(false) };
        if !sent.is_empty() {
            self.parts.letters.replayed(&sent, self.parts.clock.now()).await?;
        }
        if !refused.is_empty() {
            self.parts.letters.refused(&refused, self.parts.clock.now()).await?;
        }
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let replayed = count(sent.len()) + page.already;
        let failed = count(refused.len());
        let skipped = (page.end - self.job.place - replayed - failed).max(0);
        let outcome = Outcome { end: page.end, replayed, failed, skipped };
        let Some(job) = self.parts.letters.advance(&self.job, &outcome, self.terms()).await? else { return Ok(false) };
        self.job = job;
        Ok(true)
    }

    /// Sends all of them, at the job's pace, with the confirms awaited together. `None` where the job is no longer ours.
    async fn send(&mut self, items: &[Item]) -> Result<Option<Sorted>, StoreError> {
        let mut begun = Vec::with_capacity(items.len());
        for item in items {
            self.pace.turn().await;
            begun.push(self.sender.begin(&item.parcel).await);
        }
        let fates = join_all(begun.into_iter().map(fate)).await;
        let (mut sent, mut refused) = Sorted::default();
        for (item, fate) in items.iter().zip(fates) {
            let fate = if fate == Fate::Sent { Some(fate) } else { self.alone(item, fate).await? };
            match fate {
                Some(Fate::Sent) => sent.push(item.parcel.id),
                Some(Fate::Refused(why)) => refused.push((item.parcel.id, why)),
                _ => return Ok(None),
            }
        }
        Ok(Some((sent, refused)))
    }

    /// One message that the broker will not have takes down those beside it, so each is asked about alone; and where the
    /// broker is away, until it is back.
    async fn alone(&self, item: &Item, first: Fate) -> Result<Option<Fate>, StoreError> {
        let mut fate = first;
        let mut asked = 0_u32;
        while asked == 0 || matches!(fate, Fate::Down | Fate::Unclear(_)) {
            if asked > 0 {
                tokio::time::sleep(REST).await;
            }
            if self.parts.tasks.is_stopping() || !self.renew().await? {
                return Ok(None);
            }
            fate = self.sender.send(&item.parcel).await;
            asked = asked.saturating_add(1);
        }
        Ok(Some(fate))
    }

    /// Waits whether replays come back as dead letters; how many. `None` where the job is no longer ours.
    async fn watch(&self) -> Result<Option<i64>, StoreError> {
        let until = Instant::now() + Duration::from_millis(self.parts.settings.settle_ms);
        loop {
            if self.parts.tasks.is_stopping() || !self.renew().await? {
                return Ok(None);
            }
            let came_back = self.parts.letters.job(self.job.id).await?.map_or(0, |job| job.came_back);
            if came_back > 0 || Instant::now() >= until {
                return Ok(Some(came_back));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn renew(&self) -> Result<bool, StoreError> {
        self.parts.letters.renew_job(&self.job, self.parts.settings.lease()).await
    }

    async fn stop(&self, came_back: i64) -> Result<(), StoreError> {
        let detail = format!("{} could not be replayed, {came_back} came back as dead letters", self.job.failed);
        self.finish(("stopped", Some(detail))).await
    }

    async fn end(&self) -> Result<(), StoreError> {
        let nothing = self.job.replayed == 0 && self.job.failed > 0;
        let detail = nothing.then(|| "none of them could be replayed".to_owned());
        self.finish((if nothing { "failed" } else { "done" }, detail)).await
    }

    async fn finish(&self, end: (&str, Option<String>)) -> Result<(), StoreError> {
        tracing::info!(replay.id = %self.job.id, "replay {} is {}", self.job.id, end.0);
        self.parts.letters.end_job(&self.job, end, self.parts.clock.now()).await
    }

    fn terms(&self) -> (Duration, DateTime<Utc>) {
        (self.parts.settings.lease(), self.parts.clock.now())
    }
}

async fn fate(begun: Result<Sent, Fate>) -> Fate {
    match begun {
        Ok(sent) => Fate::of(sent.routed().await),
        Err(fate) => fate,
    }
}
