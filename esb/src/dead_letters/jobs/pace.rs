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
        if self.step.is_zero() {
            return;
        }
        let now = Instant::now();
        if self.next + LAG_MAX < now {
            self.next = now;
        }
        if self.next > now {
            tokio::time::sleep_until(self.next).await;
        }
        self.next += self.step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_rate_holds_over_hiccups() {
        let mut pace = Pace::new(Some(100));
        let begun = Instant::now();
        for number in 0..1000 {
            pace.turn().await;
            if number % 100 == 50 {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        let taken = begun.elapsed();
        assert!(taken > Duration::from_millis(9900) && taken < Duration::from_millis(10_100), "{taken:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_pause_is_not_made_up_for() {
        let mut pace = Pace::new(Some(10));
        pace.turn().await;
        tokio::time::sleep(Duration::from_mins(1)).await;
        let resumed = Instant::now();
        for _ in 0..11 {
            pace.turn().await;
        }
        assert!(resumed.elapsed() >= Duration::from_secs(1));
    }
}
