//! What happens to all orders, read from the store a page at a time: a reader who is slow, or far behind, costs no memory.

use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use super::{Event, OrderEvents, StoreError};

/// How many events are read at once.
const PAGE: i64 = 100;
/// After a failure of the store.
const PAUSE: Duration = Duration::from_secs(1);

/// The last event that a reader has seen, as it says: `None` where that is no event's id.
pub type LastSeen = Option<Uuid>;

/// One who watches all orders.
pub struct Trail {
    store: OrderEvents,
    latest: watch::Receiver<i64>,
    place: Place,
}

/// How far it has come.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Not known yet, since the store has failed: behind this event, or from now on.
    Unknown(Option<LastSeen>),
    /// Behind this number.
    Behind(i64),
}

impl Trail {
    /// Where the store fails it begins later: what else there is to watch does not need it.
    pub(super) async fn begin(store: OrderEvents, latest: watch::Receiver<i64>, after: Option<LastSeen>) -> Self {
        let mut trail = Self { store, latest, place: Place::Unknown(after) };
        if let Err(error) = trail.behind().await {
            failed(&error);
        }
        trail
    }

    /// What happens next, one page of it; `None` where nobody looks any more.
    pub async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            match self.page().await {
                Ok(page) if page.is_empty() => self.latest.changed().await.ok()?,
                Ok(page) => return Some(page),
                Err(error) => {
                    failed(&error);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn page(&mut self) -> Result<Vec<Event>, StoreError> {
        let (behind, latest) = (self.behind().await?, *self.latest.borrow_and_update());
        if latest <= behind {
            return Ok(Vec::new());
        }
        let page = self.store.page((behind, latest), PAGE).await?;
        // Numbers that are not there any more are behind it, too.
        self.place = Place::Behind(page.last().map_or(latest, |event| event.seq));
        Ok(page)
    }

    async fn behind(&mut self) -> Result<i64, StoreError> {
        let number = match self.place {
            Place::Behind(number) => return Ok(number),
            Place::Unknown(None) => self.store.last().await?,
            Place::Unknown(Some(None)) => 0,
            Place::Unknown(Some(Some(id))) => self.store.number(id).await?.unwrap_or(0),
        };
        self.place = Place::Behind(number);
        Ok(number)
    }
}

fn failed(error: &StoreError) {
    tracing::warn!(error = %error, "events of orders can't be read");
}
