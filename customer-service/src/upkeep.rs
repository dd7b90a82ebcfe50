//! What is done in the background: keys are renewed and read again, ended sessions are taken away.

use std::sync::Arc;
use std::time::Duration;

use chassis::{Tasks, fault};
use tokio::time::{MissedTickBehavior, interval};

use crate::domain::{CustomerError, Identity};
use crate::settings::Tokens;
use crate::store::Store;

const PURGE_EVERY: Duration = Duration::from_mins(10);

/// Starts it.
pub(crate) fn start(tasks: &Tasks, settings: &Tokens, (store, identity): (Store, Arc<Identity>)) {
    let (age_max, every) = (age_max(settings), Duration::from_secs(settings.reload_s));
    let keys = store.clone();
    tasks.spawn_until_stop(async move {
        let mut ticks = ticks(every);
        loop {
            ticks.tick().await;
            complain(renew_keys(&keys, &identity, age_max).await);
        }
    });
    tasks.spawn_until_stop(async move {
        let mut ticks = ticks(PURGE_EVERY);
        loop {
            ticks.tick().await;
            complain(purge(&store).await);
        }
    });
}

/// Reads the keys, and makes a new one where it is time.
pub(crate) async fn renew_keys(
    store: &Store,
    identity: &Identity,
    age_max: chrono::Duration,
) -> Result<(), CustomerError> {
    identity.tokens.replace(store.signing_keys(age_max).await?)
}

/// The age at which a key is replaced.
pub(crate) fn age_max(settings: &Tokens) -> chrono::Duration {
    chrono::Duration::days(settings.rotate_days.into())
}

async fn purge(store: &Store) -> Result<(), CustomerError> {
    while store.purge_sessions().await? > 0 {}
    Ok(())
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The next tick tries again.
fn complain(outcome: Result<(), CustomerError>) {
    if let Err(error) = outcome {
        tracing::warn!(error.chain = fault::chain(&error), "upkeep failed: {}", fault::chain(&error));
    }
}
