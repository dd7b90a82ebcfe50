//! What went one way over time: a ring of steps, of which only those take room in which something passed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::latencies::Latencies;
use super::window::{Grain, Window};
use crate::messages::Outcome;

/// What went one way.
#[derive(Debug, Clone, Default)]
pub(super) struct Track(Arc<Mutex<Rings>>);

#[derive(Debug, Default)]
struct Rings {
    fine: Ring,
    coarse: Ring,
}

/// Steps in order, by their number. Whoever reads shares them; only the last one still changes.
#[derive(Debug, Default)]
struct Ring(VecDeque<(u64, Arc<Step>)>);

/// What passed within a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) requests: u32,
    pub(super) refused: u32,
    pub(super) failed: u32,
    pub(super) latencies: Latencies,
}

impl Track {
    /// Counts one that ended at `second`.
    pub(super) fn add(&self, second: u64, outcome: Outcome, elapsed: Duration) {
        let us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rings.fine.at(second, Grain::Fine).add(outcome, us);
        rings.coarse.at(second, Grain::Coarse).add(outcome, us);
    }

    /// The steps of this window in which something passed.
    pub(super) fn steps(&self, window: &Window) -> Vec<(u64, Arc<Step>)> {
        let rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = match window.grain {
            Grain::Fine => &rings.fine,
            Grain::Coarse => &rings.coarse,
        };
        ring.0.iter().filter(|(number, _)| window.steps.contains(number)).cloned().collect()
    }
}

impl Ring {
    /// The step of this second; a clock that was set back goes on where it was.
    fn at(&mut self, second: u64, grain: Grain) -> &mut Step {
        let last = self.0.back().map_or(0, |(number, _)| *number);
        let number = (second / grain.seconds()).max(last);
        if self.0.is_empty() || number > last {
            let oldest = number.saturating_sub(grain.kept());
            while self.0.front().is_some_and(|(number, _)| *number < oldest) {
                self.0.pop_front();
            }
            self.0.push_back((number, Arc::default()));
        }
        let place = self.0.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "there is a last one: it was there, or was put there above")]
        Arc::make_mut(&mut self.0[place].1)
    }
}

impl Step {
    fn add(&mut self, outcome: Outcome, us: u64) {
        self.requests = self.requests.saturating_add(1);
        match outcome {
            Outcome::Done | Outcome::Retried => {}
            Outcome::Refused => self.refused = self.refused.saturating_add(1),
            Outcome::Failed | Outcome::DeadLettered => self.failed = self.failed.saturating_add(1),
        }
        self.latencies.add(us);
    }

    /// With what passed within another.
    pub(super) fn merge(&mut self, other: &Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.refused = self.refused.saturating_add(other.refused);
        self.failed = self.failed.saturating_add(other.failed);
        self.latencies.merge(&other.latencies);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_more_is_kept_than_has_room(
            pauses in prop::collection::vec(0_u64..2_000, 1..400),
        ) {
            let (track, mut second) = (Track::default(), 1_800_000_000);
            let mut seconds = Vec::new();
            for pause in pauses {
                second += pause;
                seconds.push(second);
                track.add(second, Outcome::Done, Duration::from_millis(1));
            }
            for span in [60, 3_600, 86_400] {
                let window = Window::before(second + 60, span);
                let told = track.steps(&window).iter().map(|(_, step)| step.requests).sum::<u32>();
                let is_within = |second: &u64| window.steps.contains(&(second / window.grain.seconds()));
                prop_assert_eq!(usize::try_from(told).unwrap(), seconds.iter().filter(|one| is_within(one)).count());
            }
            let rings = track.0.lock().unwrap();
            prop_assert!(rings.fine.0.len() <= 722 && rings.coarse.0.len() <= 1442);
        }
    }

    #[test]
    fn outcomes_are_told_apart_and_a_clock_that_is_set_back_does_no_harm() {
        let (track, now) = (Track::default(), 1_800_000_000);
        let all = [Outcome::Done, Outcome::Refused, Outcome::Failed, Outcome::Retried, Outcome::DeadLettered];
        for outcome in all {
            track.add(now, outcome, Duration::from_millis(2));
        }
        track.add(now - 3_600, Outcome::Done, Duration::from_millis(2));
        let steps = track.steps(&Window::before(now + 5, 60));
        let [(_, step)] = steps.as_slice() else { panic!("{steps:?}") };
        assert_eq!((step.requests, step.refused, step.failed), (6, 1, 2));
    }
}
