//! One after the other within this process: many changes of one payment would else overtake each other again and again.

use contracts::{Id, Payment};
use tokio::sync::{Mutex, MutexGuard};

const LANES: usize = 64;

/// Lanes to wait in; a payment always waits in the same one.
#[derive(Debug)]
pub(super) struct Turns {
    lanes: Vec<Mutex<()>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { lanes: std::iter::repeat_with(Mutex::default).take(LANES).collect() }
    }
}

impl Turns {
    /// Waits for the payment's turn, which ends when the guard is dropped.
    pub(super) async fn wait(&self, id: Id<Payment>) -> Option<MutexGuard<'_, ()>> {
        // The end of a UUIDv7 is random.
        let last = id.uuid().into_bytes().last().copied().unwrap_or(0);
        Some(self.lanes.get(usize::from(last) % LANES)?.lock().await)
    }
}
