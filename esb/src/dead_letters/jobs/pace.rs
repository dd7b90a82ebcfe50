//! So many a second, by the clock: what comes late is made up for, at half as much again at most, so that the rate holds
//! over time and nobody is flooded after a stop.

use std::time::Duration;

use tokio::time::Instant;

/// What is made up for at most: after a longer pause it starts afresh.
const LAG_MAX: Duration = Duration::from_secs(30);
/// Timers are not exact: what is late by less goes at once.
const GRAIN: Duration = Duration::from_millis(50);

/// When the next one may go.
#[derive(Debug)]
pub(super) struct Pace {
    step: Duration,
    /// When the next one is due.
    next: Instant,
    /// When the last one was let go, by the plan.
    last: Instant,
}

impl Pace {
    /// `per_second` from now on; as fast as it goes where nothing is said.
    pub(super) fn new(per_second: Option<u32>) -> Self {
        let step = per_second.map_or(Duration::ZERO, |rate| Duration::from_secs(1) / rate.max(1));
        let now = Instant::now();
        Self { step, next: now, last: now - step.min(GRAIN) }
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
        let hurried = self.last + self.step * 2 / 3;
        let turn = self.next.max(hurried).max(now.checked_sub(GRAIN).unwrap_or(now));
        self.next += self.step;
        self.last = turn;
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
    fn what_is_late_is_made_up_for_without_a_flood() {
        let mut pace = Pace::new(Some(100));
        let late = pace.after(pace.next) + Duration::from_secs(10);
        let second = (0..150).fold(late, |now, _| pace.after(now)) - late;
        assert!(second > Duration::from_millis(900), "150 take a second, not less: {second:?}");
        let ended = (0..2849).fold(late + second, |now, _| pace.after(now));
        let taken = ended - (late - Duration::from_secs(10));
        assert!(taken < Duration::from_millis(30_100), "all 3000 are in time: {taken:?}");
    }

    #[test]
    fn a_long_pause_is_not_made_up_for() {
        let mut pace = Pace::new(Some(10));
        let resumed = pace.after(pace.next) + Duration::from_mins(1);
        let ended = (0..11).fold(resumed, |now, _| pace.after(now));
        assert_eq!(ended - resumed, Duration::from_secs(1));
    }
}
