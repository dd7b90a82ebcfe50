//! Takes a job's letters to the broker, at the job's pace.

use std::sync::Arc;
use std::time::Duration;

use chassis::bus::Sent;
use futures_util::future::join_all;
use uuid::Uuid;

use super::pace::Pace;
use crate::dead_letters::Inner;
use crate::dead_letters::outbound::{Fate, Sender};
use crate::dead_letters::store::{Item, Job};
use crate::store::StoreError;

/// How long to wait for a broker that is away, before the next try.
const REST: Duration = Duration::from_millis(500);

/// Sends for a job, as long as it is ours.
pub(super) struct Courier {
    pub(super) parts: Arc<Inner>,
    pub(super) sender: Sender,
    pub(super) pace: Pace,
    pub(super) job: Job,
}

/// Whether the job is still ours to work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is.
    Ours,
    /// It is paused, stopped or another's, or the process ends.
    Over,
}

/// What became of the letters of a page.
#[derive(Default)]
pub(super) struct Sorted {
    /// The broker has them.
    pub(super) sent: Vec<Uuid>,
    /// It won't have them, and why.
    pub(super) refused: Vec<(Uuid, String)>,
}

impl Courier {
    /// Sends them, with the confirms awaited together, as long as the job is ours. What has left by then is told however
    /// it ends: who forgets that sends it twice.
    pub(super) async fn send(&mut self, items: &[Item]) -> (Sorted, Result<Standing, StoreError>) {
        let mut begun = Vec::with_capacity(items.len());
        for item in items {
            self.pace.turn().await;
            begun.push(self.sender.begin(&item.parcel).await);
        }
        let fates = join_all(begun.into_iter().map(fate)).await;
        let (mut sorted, mut standing) = (Sorted::default(), Ok(Standing::Ours));
        for (item, fate) in items.iter().zip(fates) {
            match self.settled(item, fate, &mut standing).await {
                Some(Fate::Sent) => sorted.sent.push(item.parcel.id),
                Some(Fate::Refused(why)) => sorted.refused.push((item.parcel.id, why)),
                _ => {}
            }
        }
        (sorted, standing)
    }

    /// Where the fate of a message is not clear it is asked about, unless that has come to an end.
    async fn settled(&self, item: &Item, fate: Fate, standing: &mut Result<Standing, StoreError>) -> Option<Fate> {
        if fate == Fate::Sent || !matches!(standing, Ok(Standing::Ours)) {
            return Some(fate);
        }
        match self.alone(item, fate).await {
            Ok(Some(fate)) => return Some(fate),
            Ok(None) => *standing = Ok(Standing::Over),
            Err(error) => *standing = Err(error),
        }
        None
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

    /// Whether the job is still ours, which it is for another lease then.
    pub(super) async fn renew(&self) -> Result<bool, StoreError> {
        self.parts.letters.renew_job(&self.job, self.parts.settings.lease()).await
    }
}

async fn fate(begun: Result<Sent, Fate>) -> Fate {
    match begun {
        Ok(sent) => Fate::of(sent.routed().await),
        Err(fate) => fate,
    }
}
