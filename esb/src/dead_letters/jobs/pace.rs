//! So many a second, by the clock: a wait that comes late is made up for, so that the rate holds over time.

use std::time::Duration;

use tokio::time::Instant;

/// What is made up for at most: after a longer pause it starts afresh, and does not burst.
const LAG_MAX: Duration = Duration::from_secs(1);

/// When the next one may go.
#[derive(Debug)]
pub(super) struct Pace {
    step: Duration,
    next: Instant,
}

impl Pace {
    /// `per_second` from now on; as fast as it goes where nothing is said.
    pub(super) fn new(per_second: Option<u32>) -> Self {
        let step = per_second.map_or(Duration::ZERO, |rate| Duration::from_secs(1) / rate.max(1));
        Self { step, next: Instant::now() }
    }

    /// Waits for its turn.
    pub(super) async fn turn(&mut self) {
        let now = Instant::now();
        let turn = self.after(now);
        if turn > now {
            tokio::time::sleep_until(turn).await;
        }
    }

    /// When the one that comes at `now` may go.
    fn after(&mut self, now: Instant) -> Instant {
        if self.next + LAG_MAX < now {
            self.next = now;
        }
        let turn = self.next;
        self.next += self.step;
        turn.max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_holds_over_hiccups() {
        let mut pace = Pace::new(Some(100));
        let begun = pace.next;
        let hiccup = |number: u32| if number % 100 == 50 { Duration::from_millis(200) } else { Duration::ZERO };
        let ended = (0..1000).fold(begun, |now, number| pace.after(now) + hiccup(number));
        let taken = ended - begun;
        assert!(taken > Duration::from_millis(9900) && taken < Duration::from_millis(10_100), "{taken:?}");
    }

    #[test]
    fn a_long_pause_is_not_made_up_for() {
        let mut pace = Pace::new(Some(10));
        let resumed = pace.after(pace.next) + Duration::from_mins(1);
        let ended = (0..11).fold(resumed, |now, _| pace.after(now));
        assert_eq!(ended - resumed, Duration::from_secs(1));
    }
}
