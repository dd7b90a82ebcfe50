//! Who watches which order, and what they are told; and how far it all has come, for those who watch all orders.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use uuid::Uuid;

use super::trail::{LastSeen, Trail};
use super::{Event, OrderEvents, StoreError};

/// How many events may wait for a slow reader; with more it is cut off, and may come back to where it was.
const WAITING_MAX: usize = 256;
/// After a failure of the store.
const PAUSE: Duration = Duration::from_secs(1);

/// Everybody who watches an order at this instance.
#[derive(Clone)]
pub struct Watching(Arc<Inner>);

struct Inner {
    store: OrderEvents,
    watchers: Mutex<HashMap<Uuid, Vec<Watcher>>>,
    look: Notify,
    /// The number of the latest event, as far as it is known here.
    latest: watch::Sender<i64>,
}

struct Watcher {
    id: Uuid,
    events: mpsc::Sender<Event>,
}

/// One who watches an order.
pub struct Watch {
    /// What has happened before.
    pub past: Vec<Event>,
    events: mpsc::Receiver<Event>,
    seen: i64,
    _place: Place,
}

/// Given up when the watch ends.
struct Place {
    watching: Watching,
    order: Uuid,
    id: Uuid,
}

impl Watching {
    pub(super) fn new(store: OrderEvents) -> Self {
        let latest = watch::Sender::new(0);
        Self(Arc::new(Inner { store, watchers: Mutex::default(), look: Notify::new(), latest }))
    }

    /// Begins to watch all orders, behind the event `after`; where that is not known, from the first that is kept;
    /// without one, from now on.
    pub async fn open_all(&self, after: Option<LastSeen>) -> Trail {
        // First this, then where to begin, so that nothing is written unseen in between.
        let latest = self.0.latest.subscribe();
        self.look_now();
        Trail::begin(self.0.store.clone(), latest, after).await
    }

    /// Begins to watch an order, from the event `after` on; from the first that is kept where that is not known.
    pub async fn open(&self, order: Uuid, after: Option<Uuid>) -> Result<Watch, StoreError> {
        // First this, then the past: what happens in between comes twice rather than never, and is told once.
        let (place, events) = self.register(order);
        self.look_now();
        let past = self.0.store.of(order, after).await?;
        let seen = match past.last() {
            Some(event) => event.seq,
            None => self.number(after).await?,
        };
        Ok(Watch { past, events, seen, _place: place })
    }

    /// Behind which event there was nothing: who looks for what is new may be further back, and tell of it again.
    async fn number(&self, after: Option<Uuid>) -> Result<i64, StoreError> {
        let Some(after) = after else { return Ok(0) };
        Ok(self.0.store.number(after).await?.unwrap_or(0))
    }

    /// Somebody knows that there is something new.
    pub(super) fn look_now(&self) {
        self.0.look.notify_one();
    }

    fn register(&self, order: Uuid) -> (Place, mpsc::Receiver<Event>) {
        let (sender, events) = mpsc::channel(WAITING_MAX);
        let id = contracts::Id::<Watch>::mint().uuid();
        self.watchers().entry(order).or_default().push(Watcher { id, events: sender });
        (Place { watching: self.clone(), order, id }, events)
    }

    /// Looks for what is new, here and at other instances, while somebody watches.
    pub(super) async fn keep_looking(self, every: Duration) {
        let mut known = 0;
        loop {
            if self.watchers().is_empty() && self.0.latest.receiver_count() == 0 {
                self.0.look.notified().await;
            }
            match self.look(known).await {
                Ok(last) => known = last,
                Err(error) => {
                    tracing::warn!(error = %error, "events of orders can't be read");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            tokio::select! {
                () = self.0.look.notified() => {}
                () = tokio::time::sleep(every) => {}
            }
        }
    }

    /// Tells what came after `known`. The watched orders are listed after the last number was read: who begins to watch
    /// later than that reads everything up to it as the past.
    async fn look(&self, known: i64) -> Result<i64, StoreError> {
        let last = self.0.store.last().await?;
        if last <= known {
            return Ok(known);
        }
        let orders = self.watchers().keys().copied().collect::<Vec<_>>();
        for event in self.0.store.between((known, last), &orders).await? {
            self.tell(&event);
        }
        self.0.latest.send_replace(last);
        Ok(last)
    }

    fn tell(&self, event: &Event) {
        if let Some(watchers) = self.watchers().get_mut(&event.order_id) {
            // Who does not read has no place any more, which ends the stream.
            watchers.retain(|watcher| watcher.events.try_send(event.clone()).is_ok());
        }
    }

    fn watchers(&self) -> MutexGuard<'_, HashMap<Uuid, Vec<Watcher>>> {
        self.0.watchers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// What happens next; `None` once the reader was too slow.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let event = self.events.recv().await?;
            if event.seq > self.seen {
                self.seen = event.seq;
                return Some(event);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut watchers = self.watching.watchers();
        if let Some(others) = watchers.get_mut(&self.order) {
            others.retain(|watcher| watcher.id != self.id);
            if others.is_empty() {
                watchers.remove(&self.order);
            }
        }
    }
}
