//! From the queue into the store: what is under way at the same time is written at once, and leaves the queue when it is
//! written. A message is never given back because the database is away: it waits here, and the queue stays full.

use std::sync::Arc;
use std::time::Duration;

use chassis::bus::{Bus, DEAD_LETTERS, Delivered, Intake, Settled};
use chassis::{Clock, Tasks};
use tokio::sync::{mpsc, oneshot};

use super::letter::Incoming;
use super::read::read;
use super::store::Letters;

/// How much is written at once.
const BATCH_MAX: usize = 256;
/// How long to wait after a failure.
const REST: Duration = Duration::from_millis(500);

/// A letter, and who waits for it to be safe.
type Job = (Incoming, oneshot::Sender<Settled>);

/// Takes dead letters out of their queue until the process stops.
pub(super) fn drain(bus: &Bus, letters: Letters, at_once: u16, (clock, tasks): (Clock, &Tasks)) {
    let (sender, jobs) = mpsc::channel(BATCH_MAX);
    let stop = tasks.clone();
    tasks.spawn(async move { write(&letters, jobs, &stop).await });
    let sender = Arc::new(sender);
    let intake = Intake { queue: DEAD_LETTERS.to_owned(), at_once };
    bus.take(intake, move |message| keep(Arc::clone(&sender), clock.clone(), message));
}

async fn keep(writer: Arc<mpsc::Sender<Job>>, clock: Clock, message: Delivered) -> Settled {
    let letter = match read(message, clock.now()) {
        Ok(letter) => letter,
        Err(error) => {
            tracing::error!("a dead letter can't be kept, and stays in the queue: {error}");
            tokio::time::sleep(REST).await;
            return Settled::Back;
        }
    };
    let (tell, told) = oneshot::channel();
    if writer.send((letter, tell)).await.is_err() {
        return Settled::Back;
    }
    told.await.unwrap_or(Settled::Back)
}

async fn write(letters: &Letters, mut jobs: mpsc::Receiver<Job>, tasks: &Tasks) {
    let mut arrived = Vec::with_capacity(BATCH_MAX);
    while jobs.recv_many(&mut arrived, BATCH_MAX).await > 0 {
        let (batch, tells): (Vec<_>, Vec<_>) = arrived.drain(..).unzip();
        let kept = persist(letters, &batch, tasks).await;
        for (tell, settled) in tells.into_iter().zip(kept) {
            tell.send(settled).ok();
        }
    }
}

/// Tries until it is written or the process stops.
async fn persist(letters: &Letters, batch: &[Incoming], tasks: &Tasks) -> Vec<Settled> {
    while !tasks.is_stopping() {
        match letters.insert(batch).await {
            Ok(()) => {
                metrics::counter!("esb_dead_letters_total").increment(u64::try_from(batch.len()).unwrap_or(0));
                return vec![Settled::Done; batch.len()];
            }
            Err(error) => tracing::warn!("dead letters could not be kept: {}", chassis::fault::chain(&error)),
        }
        if batch.len() > 1 && letters.is_there().await {
            return apart(letters, batch).await;
        }
        tokio::select! {
            () = tasks.stopping() => {}
            () = tokio::time::sleep(REST) => {}
        }
    }
    vec![Settled::Back; batch.len()]
}

/// The database is there, but won't take the batch: one by one, so that only what is wrong stays in the queue.
async fn apart(letters: &Letters, batch: &[Incoming]) -> Vec<Settled> {
    let mut settled = Vec::with_capacity(batch.len());
    for letter in batch {
        let kept = letters.insert(std::slice::from_ref(letter)).await;
        settled.push(if kept.is_ok() { Settled::Done } else { Settled::Back });
    }
    if settled.contains(&Settled::Back) {
        // It comes again at once.
        tokio::time::sleep(REST).await;
    }
    settled
}
