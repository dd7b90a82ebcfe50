//! A log that tells of what it has written, for whoever watches.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contracts::{Id, Saga, SagaState};
use serde::Serialize;
use uuid::Uuid;

use super::{Begun, Claim, Entry, Filter, Kept, Log, LogError, Opening, Owner, Record};

/// How far a saga has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Which saga.
    pub id: Id<Saga>,
    /// Its state from now on.
    pub state: SagaState,
    /// The step it stands at.
    pub step: String,
    /// How often that was tried.
    pub attempts: u32,
    /// Why the last try did not succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// A log, and whom it tells.
pub struct Told<L, F> {
    log: L,
    tell: F,
}

impl<L: Log, F: Fn(Progress) + Send + Sync + 'static> Told<L, F> {
    /// Tells `tell` of each change of state that `log` has made durable.
    pub const fn new(log: L, tell: F) -> Self {
        Self { log, tell }
    }
}

#[async_trait]
impl<L: Log, F: Fn(Progress) + Send + Sync + 'static> Log for Told<L, F> {
    async fn begin(&self, opening: Opening, owner: Owner) -> Result<Begun, LogError> {
        let progress = Progress {
            id: Id::from_uuid(opening.id),
            state: SagaState::Running,
            step: opening.step.clone(),
            attempts: 0,
            last_error: None,
            at: opening.created_at,
        };
        let begun = self.log.begin(opening, owner).await?;
        if matches!(begun, Begun::New) {
            (self.tell)(progress);
        }
        Ok(begun)
    }

    fn note(&self, entry: Entry) {
        self.log.note(entry);
    }

    async fn record(&self, entry: Entry) -> Result<Kept, LogError> {
        let progress = Progress::from(&entry);
        let kept = self.log.record(entry).await?;
        if kept == Kept::Yes {
            (self.tell)(progress);
        }
        Ok(kept)
    }

    async fn renew(&self, owner: Owner, sagas: Vec<Uuid>) -> Result<(), LogError> {
        self.log.renew(owner, sagas).await
    }

    async fn claim(&self, owner: Owner, limit: usize) -> Result<Vec<Claim>, LogError> {
        self.log.claim(owner, limit).await
    }

    async fn find(&self, id: Uuid) -> Result<Option<Record>, LogError> {
        self.log.find(id).await
    }

    async fn by_subject(&self, subject: Uuid) -> Result<Option<Record>, LogError> {
        self.log.by_subject(subject).await
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<Record>, LogError> {
        self.log.list(filter).await
    }

    async fn count(&self, most: usize) -> Result<Vec<(SagaState, usize)>, LogError> {
        self.log.count(most).await
    }

    async fn reopen(&self, seen: &Record, entry: Entry) -> Result<Kept, LogError> {
        let progress = Progress::from(&entry);
        let kept = self.log.reopen(seen, entry).await?;
        if kept == Kept::Yes {
            (self.tell)(progress);
        }
        Ok(kept)
    }
}

impl From<&Entry> for Progress {
    fn from(entry: &Entry) -> Self {
        Self {
            id: Id::from_uuid(entry.id),
            state: entry.state,
            step: entry.step.clone(),
            attempts: entry.attempts,
            last_error: entry.last_error.clone(),
            at: entry.at,
        }
    }
}
