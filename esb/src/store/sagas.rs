//! The saga log in PostgreSQL.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::SagaState;
use diesel::sql_types::{Json, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::Store;
use super::batch::{Insert, Update};
use super::claim;
use super::prepared::Prepared;
use super::row::state_text;
use super::writer::{Job, Taken, write};
use crate::saga::{Begun, Claim, Entry, Filter, Kept, Log, LogError, Opening, Owner, Record};

/// How many batches may be at the disk at once; a saga's writes always go through the same writer, in order.
const WRITERS: usize = 2;
/// How many jobs may wait for a writer.
const QUEUE_MAX: usize = 1024;

/// The saga log in PostgreSQL.
#[derive(Clone)]
pub struct Sagas {
    store: Store,
    writers: Arc<[mpsc::Sender<Job>]>,
}

impl Sagas {
    /// The log in this store.
    pub fn new(store: &Store) -> Self {
        let start = |_| {
            let (sender, jobs) = mpsc::channel(QUEUE_MAX);
            #[expect(clippy::disallowed_methods, reason = "it ends by itself, with the last who could send to it")]
            tokio::spawn(write(store.clone(), jobs));
            sender
        };
        Self { store: store.clone(), writers: (0..WRITERS).map(start).collect() }
    }

    fn writer(&self, saga: Uuid) -> Option<&mpsc::Sender<Job>> {
        self.writers.get(share(saga))
    }

    async fn send(&self, saga: Uuid, job: Job) -> Result<(), LogError> {
        let writer = self.writer(saga).ok_or_else(gone)?;
        writer.send(job).await.map_err(|_closed| gone())
    }

    /// Who has the id, the subject or the key that the opening wanted.
    async fn holder(&self, wanted: &Wanted) -> Result<Option<Record>, LogError> {
        if let Some(record) = claim::find(&self.store, wanted.id).await? {
            return Ok(Some(record));
        }
        match claim::by_request(&self.store, &wanted.origin).await? {
            Some(record) => Ok(Some(record)),
            None => claim::by_subject(&self.store, wanted.subject).await,
        }
    }
}

/// What an opening wants to itself.
struct Wanted {
    id: Uuid,
    subject: Uuid,
    origin: crate::saga::Origin,
}

/// Which writer a saga has; the last bits of a version 7 UUID are random.
fn share(saga: Uuid) -> usize {
    saga.as_bytes().last().copied().map_or(0, usize::from) % WRITERS
}

fn gone() -> LogError {
    LogError::Unavailable("the writer has ended".to_owned())
}

#[async_trait]
impl Log for Sagas {
    async fn begin(&self, opening: Opening, owner: Owner) -> Result<Begun, LogError> {
        let wanted = Wanted { id: opening.id, subject: opening.subject, origin: opening.origin.clone() };
        let (tell, told) = oneshot::channel();
        let insert = Box::new(Insert::new(opening, owner)?);
        self.send(wanted.id, Job::Begin(insert, tell)).await?;
        match told.await.map_err(|_closed| gone())?? {
            Taken::Inserted => Ok(Begun::New),
            Taken::Perhaps if claim::is_owned(&self.store, wanted.id, owner.id).await? => Ok(Begun::New),
            Taken::Perhaps | Taken::Exists => {
                let holder = self.holder(&wanted).await?;
                let record = holder.ok_or_else(|| LogError::Refused("neither new nor known".to_owned()))?;
                Ok(Begun::meeting(record, wanted.id, &wanted.origin))
            }
        }
    }

    fn note(&self, entry: Entry) {
        let saga = entry.id;
        // Where the queue is full, a note is what can be done without.
        if let (Ok(update), Some(writer)) = (Update::new(entry), self.writer(saga)) {
            writer.try_send(Job::Write(Box::new(update), None)).ok();
        }
    }

    async fn record(&self, entry: Entry) -> Result<Kept, LogError> {
        let (tell, told) = oneshot::channel();
        let saga = entry.id;
        self.send(saga, Job::Write(Box::new(Update::new(entry)?), Some(tell))).await?;
        told.await.map_err(|_closed| gone())?
    }

    async fn renew(&self, owner: Owner, sagas: Vec<Uuid>) -> Result<(), LogError> {
        // By the writer who writes those sagas, so that the two never wait for each other's locks.
        for (place, writer) in self.writers.iter().enumerate() {
            let its = sagas.iter().copied().filter(|saga| share(*saga) == place).collect::<Vec<_>>();
            if !its.is_empty() {
                writer.send(Job::Renew(owner, its)).await.map_err(|_closed| gone())?;
            }
        }
        Ok(())
    }

    async fn claim(&self, owner: Owner, limit: usize) -> Result<Vec<Claim>, LogError> {
        claim::claim(&self.store, owner, limit).await
    }

    async fn find(&self, id: Uuid) -> Result<Option<Record>, LogError> {
        claim::find(&self.store, id).await
    }

    async fn by_subject(&self, subject: Uuid) -> Result<Option<Record>, LogError> {
        claim::by_subject(&self.store, subject).await
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<Record>, LogError> {
        claim::list(&self.store, filter).await
    }

    async fn count(&self, most: usize) -> Result<Vec<(SagaState, usize)>, LogError> {
        claim::count(&self.store, most).await
    }

    async fn reopen(&self, seen: &Record, entry: Entry) -> Result<Kept, LogError> {
        let update = Update::new(entry)?;
        let query = diesel::sql_query(REOPEN)
            .bind::<Text, _>(state_text(update.entry.state))
            .bind::<Json, _>(update.journal)
            .bind::<Timestamptz, _>(update.entry.at)
            .bind::<SqlUuid, _>(seen.id)
            .bind::<Timestamptz, _>(seen.updated_at)
            .bind::<Text, _>(state_text(seen.state));
        let changed = claim::bounded(async {
            let mut connection = self.store.connection().await?;
            Ok(Prepared(query).execute(&mut connection).await?)
        });
        let changed = changed.await?;
        Ok(if changed == 1 { Kept::Yes } else { Kept::Lost })
    }
}

const REOPEN: &str = "\
UPDATE sagas SET state = $1, journal = $2, attempts = 0, next_attempt_at = $3, updated_at = $3, owner = NULL \
WHERE id = $4 AND state = $6 AND updated_at = $5";
