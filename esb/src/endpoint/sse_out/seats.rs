//! How many streams there may be: each holds a connection for long, so nobody may have them all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::{Failure, Kind};

use crate::settings::Streams;

/// The streams of a process.
#[derive(Clone)]
pub struct Seats(Arc<Inner>);

struct Inner {
    settings: Streams,
    taken: Mutex<HashMap<String, usize>>,
}

/// A stream's place, given back when it ends.
pub struct Seat {
    seats: Seats,
    caller: String,
}

impl Seats {
    /// All of them free.
    pub fn new(settings: &Streams) -> Self {
        Self(Arc::new(Inner { settings: settings.clone(), taken: Mutex::default() }))
    }

    /// A place for one more stream; 429 where this caller has enough of them, 503 where all have.
    pub fn take(&self, caller: &str) -> Result<Seat, Failure> {
        let mut taken = self.taken();
        if taken.values().sum::<usize>() >= self.0.settings.max {
            let detail = "there are as many event streams as there may be: try again in a moment";
            return Err(Failure::new(Kind::Unavailable, "busy", detail).retry_after(Duration::from_secs(5)));
        }
        let own = taken.entry(caller.to_owned()).or_default();
        if *own >= self.0.settings.per_caller {
            let detail = format!("you have {own} event streams open: close some first");
            return Err(Failure::new(Kind::TooMany, "too-many-streams", detail).retry_after(Duration::from_secs(5)));
        }
        *own += 1;
        Ok(Seat { seats: self.clone(), caller: caller.to_owned() })
    }

    /// How many are taken.
    pub fn in_use(&self) -> usize {
        self.taken().values().sum()
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(own) = taken.get_mut(&self.caller) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                taken.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_free_again_when_its_stream_has_ended() {
        let seats = Seats::new(&Streams { per_caller: 2, max: 3 });
        let told = |taken: Result<Seat, Failure>| taken.err().map(|failure| failure.kind());
        let first = seats.take("ada").ok();
        let _second = seats.take("ada").ok();
        assert_eq!(told(seats.take("ada")), Some(Kind::TooMany));
        let _third = seats.take("bob").ok();
        assert_eq!(told(seats.take("cyd")), Some(Kind::Unavailable));
        drop(first);
        assert_eq!(told(seats.take("ada")), None);
    }
}
