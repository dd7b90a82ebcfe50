//! Time that passes when nobody has anything left to do, and then at once to the next moment that is waited for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chassis::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::oneshot;

/// How often the others get a turn before nobody counts as having anything left to do: more than any chain of tasks
/// that wake each other is long.
const TURNS: usize = 40;

/// By the moment they wait for, and in their order.
type Sleepers = BTreeMap<(DateTime<Utc>, u64), oneshot::Sender<()>>;

/// The time on the stage.
#[derive(Clone)]
pub(crate) struct Time {
    clock: Clock,
    sleepers: Arc<Mutex<Sleepers>>,
}

impl Time {
    pub(crate) fn new() -> Self {
        Self { clock: Clock::frozen(DateTime::UNIX_EPOCH + TimeDelta::days(20_000)), sleepers: Arc::default() }
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) async fn sleep(&self, time: Duration) {
        let (wake, woken) = oneshot::channel();
        let until = self.now() + TimeDelta::from_std(time).unwrap();
        {
            let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);

            let number = sleepers.keys().map(|(_, number)| *number).max().unwrap_or_default() + 1;
            sleepers.insert((until, number), wake);
        }
        woken.await.expect("time passes");
    }

    /// Lets time pass.
    pub(crate) async fn pass(&self) {
        loop {
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
            let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
            sleepers.retain(|_, sleeper| !sleeper.is_closed());
            let Some(((until, _), wake)) = sleepers.pop_first() else { continue };
            self.clock.advance((until - self.now()).max(TimeDelta::zero()));
            wake.send(()).ok();
        }
    }
}
