//! Group commit: one task gathers all that waits, writes it in one transaction, and tells those who wait. While one
//! batch is at the disk, the next gathers.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use super::Store;
use super::batch::{Fence, Insert, Update, Work, Written};
use super::claim::bounded;
use crate::saga::{Kept, LogError, Owner};

/// How much is written at once.
const BATCH_MAX: usize = 256;
/// How long more may gather where the last batch was one, as PostgreSQL's `commit_delay` has it: a busy bus writes half as
/// often, a quiet one does not wait.
const GATHER: Duration = Duration::from_millis(2);
/// How long the writer rests when the database is away.
const REST: Duration = Duration::from_millis(100);
/// How often an entry is offered alone before it counts as refused.
const ATTEMPTS_MAX: usize = 5;
/// A new saga that can't be recorded for so long is turned away; what runs already waits as long as it takes.
const BEGIN_WAIT_MAX: Duration = Duration::from_secs(2);

type Tell<T> = oneshot::Sender<Result<T, LogError>>;

/// Something to be written, and whom to tell.
pub(super) enum Job {
    Begin(Box<Insert>, Tell<Taken>),
    Write(Box<Update>, Option<Tell<Kept>>),
    Renew(Owner, Vec<Uuid>),
}

/// Whether a row was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Inserted,
    Exists,
    /// It exists, and it may have been this very attempt that wrote it: the answer to an earlier try was lost.
    Perhaps,
}

/// A new saga that waits to be written.
struct Begin {
    insert: Box<Insert>,
    tell: Tell<Taken>,
    since: Instant,
    was_tried: bool,
}

/// Jobs, where a later change of a saga has replaced its earlier ones.
#[derive(Default)]
struct Batch {
    begins: Vec<Begin>,
    writes: HashMap<Fence, (Box<Update>, Vec<Tell<Kept>>)>,
    renewals: Vec<(Owner, Vec<Uuid>)>,
}

/// Writes what comes in, until nobody can send any more.
pub(super) async fn write(store: Store, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Batch::default();
    let mut arrived = Vec::with_capacity(BATCH_MAX);
    let mut busy = false;
    loop {
        if batch.is_empty() && jobs.recv_many(&mut arrived, BATCH_MAX).await == 0 {
            return;
        }
        if busy {
            tokio::time::sleep(GATHER).await;
        }
        arrived.drain(..).for_each(|job| batch.add(job));
        while batch.len() < BATCH_MAX {
            let Ok(job) = jobs.try_recv() else { break };
            batch.add(job);
        }
        busy = batch.len() > 1;
        match attempt(&store, &batch.work()).await {
            Ok(written) => std::mem::take(&mut batch).answer(&written),
            Err(error) => {
                tracing::warn!(error = %error, "sagas could not be written; trying again");
                batch.begins.iter_mut().for_each(|begin| begin.was_tried = true);
                again(&store, &mut batch, &error).await;
            }
        }
    }
}

async fn again(store: &Store, batch: &mut Batch, error: &LogError) {
    if bounded(store.ping()).await.is_ok() {
        return apart(store, std::mem::take(batch)).await;
    }
    batch.turn_away(error);
    tokio::time::sleep(REST).await;
}

async fn attempt(store: &Store, work: &Work<'_>) -> Result<Written, LogError> {
    metrics::histogram!("esb_journal_batch_size").record(u32::try_from(work.len()).unwrap_or(u32::MAX));
    let mut span = work.span();
    let written = span.within(bounded(work.write(store))).await;
    span.note(written)
}

/// The database is there, but it won't take the batch: one by one, so that only what is wrong fails.
async fn apart(store: &Store, batch: Batch) {
    for part in batch.split() {
        match patiently(store, &part).await {
            Ok(written) => part.answer(&written),
            Err(error) => {
                tracing::warn!(error = %error, "a saga could not be written");
                part.fail(&LogError::Refused(error.to_string()));
            }
        }
    }
}

/// Connections that break at the wrong moment are no reason to give up.
async fn patiently(store: &Store, part: &Batch) -> Result<Written, LogError> {
    for _ in 1..ATTEMPTS_MAX {
        match attempt(store, &part.work()).await {
            Ok(written) => return Ok(written),
            Err(_) => tokio::time::sleep(REST).await,
        }
    }
    attempt(store, &part.work()).await
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn len(&self) -> usize {
        self.begins.len() + self.writes.len() + self.renewals.len()
    }

    fn add(&mut self, job: Job) {
        match job {
            Job::Begin(insert, tell) => {
                self.begins.push(Begin { insert, tell, since: Instant::now(), was_tried: false });
            }
            Job::Renew(owner, sagas) => {
                self.renewals.retain(|(other, _)| *other != owner);
                self.renewals.push((owner, sagas));
            }
            Job::Write(update, tell) => {
                let fence = (update.entry.id, update.entry.owner);
                let mut waiting = self.writes.remove(&fence).map(|(_superseded, tells)| tells).unwrap_or_default();
                waiting.extend(tell);
                self.writes.insert(fence, (update, waiting));
            }
        }
    }

    fn work(&self) -> Work<'_> {
        Work {
            inserts: self.begins.iter().map(|begin| &*begin.insert).collect(),
            updates: self.writes.values().map(|(update, _)| &**update).collect(),
            renewals: self.renewals.iter().map(|(owner, sagas)| (owner, sagas.as_slice())).collect(),
        }
    }

    fn answer(self, written: &Written) {
        for begin in self.begins {
            let taken = match written.inserted.contains(&begin.insert.opening.id) {
                true => Taken::Inserted,
                false if begin.was_tried => Taken::Perhaps,
                false => Taken::Exists,
            };
            begin.tell.send(Ok(taken)).ok();
        }
        for (fence, (_, tells)) in self.writes {
            let kept = if written.kept.contains(&fence) { Kept::Yes } else { Kept::Lost };
            tell_all(tells, &Ok(kept));
        }
    }

    fn fail(self, error: &LogError) {
        tell_all(self.begins.into_iter().map(|begin| begin.tell), &Err(error.clone()));
        tell_all(self.writes.into_values().flat_map(|(_, tells)| tells), &Err(error.clone()));
    }

    fn turn_away(&mut self, error: &LogError) {
        let begins = std::mem::take(&mut self.begins).into_iter();
        let (late, patient) = begins.partition(|begin| begin.since.elapsed() > BEGIN_WAIT_MAX);
        self.begins = patient;
        Self { begins: late, ..Self::default() }.fail(error);
        // A lease is renewed from now on, not from then.
        self.renewals.clear();
    }

    fn split(self) -> impl Iterator<Item = Self> {
        let begins = self.begins.into_iter().map(|begin| Self { begins: vec![begin], ..Self::default() });
        let write = |write| Self { writes: HashMap::from([write]), ..Self::default() };
        let renewals = self.renewals.into_iter().map(|one| Self { renewals: vec![one], ..Self::default() });
        begins.chain(self.writes.into_iter().map(write)).chain(renewals)
    }
}

/// Who has gone away does not want to know.
fn tell_all<T: Clone>(tells: impl IntoIterator<Item = Tell<T>>, answer: &Result<T, LogError>) {
    for tell in tells {
        tell.send(answer.clone()).ok();
    }
}
