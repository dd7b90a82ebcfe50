//! What happens to orders, for those who watch them: off the bus into the store, and from there to every instance's
//! streams, so that a stream can break off at one instance and go on at another.

mod intake;
mod trail;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use chassis::bus::{Bus, Topology};
use chassis::{Clock, Tasks};

use crate::store::StoreError;
use crate::store::order_events::{Event, OrderEvents};

pub use trail::{LastSeen, Trail};
pub use watch::{Watch, Watching};

/// Patience and memory.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often an instance looks for what others have written, while somebody watches.
    pub poll: Duration,
    /// How long events are kept.
    pub retention: Duration,
    /// How often older ones are taken away.
    pub purge: Duration,
}

/// The queue that events of orders come in by.
pub const QUEUE: &str = intake::QUEUE;

/// The exchange is declared with the rest; the queue is ours.
pub fn topology() -> Topology {
    intake::topology()
}

/// Starts the work in the background: with a bus, events come in; without, what others write is shown.
pub fn start(store: &OrderEvents, bus: Option<&Bus>, (pace, clock): (Pace, &Clock), tasks: &Tasks) -> Watching {
    let watching = Watching::new(store.clone());
    tasks.spawn_until_stop(watching.clone().keep_looking(pace.poll));
    tasks.spawn_until_stop(purge(store.clone(), pace, clock.clone()));
    if let Some(bus) = bus {
        let desk = intake::Desk { store: store.clone(), watching: watching.clone(), clock: clock.clone() };
        intake::start(bus, Arc::new(desk));
    }
    watching
}

async fn purge(store: OrderEvents, pace: Pace, clock: Clock) {
    loop {
        tokio::time::sleep(pace.purge).await;
        let retention = chrono::TimeDelta::from_std(pace.retention).unwrap_or(chrono::TimeDelta::MAX);
        match store.purge(clock.now() - retention).await {
            Ok(purged) => tracing::debug!(purged, "old events of orders are taken away"),
            Err(error) => tracing::warn!(error = %error, "old events of orders could not be taken away"),
        }
    }
}
