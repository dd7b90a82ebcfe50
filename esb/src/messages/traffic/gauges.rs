//! How much of what is limited is in use: looked at every second, the most within a step is kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::window::{Grain, Window};

type Look = dyn Fn() -> usize + Send + Sync;

/// Something there is only so much of.
#[derive(Clone)]
pub(super) struct Gauge {
    pub(super) name: &'static str,
    pub(super) limit: u64,
    look: Arc<Look>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    fine: VecDeque<(u64, u64)>,
    coarse: VecDeque<(u64, u64)>,
}

impl Gauge {
    pub(super) fn new(name: &'static str, limit: usize, look: impl Fn() -> usize + Send + Sync + 'static) -> Self {
        Self { name, limit: u64::try_from(limit).unwrap_or(u64::MAX), look: Arc::new(look), seen: Arc::default() }
    }

    /// Looks, at this second.
    pub(super) fn sample(&self, second: u64) {
        let used = u64::try_from((self.look)()).unwrap_or(u64::MAX);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        keep(&mut seen.fine, (second, used), Grain::Fine);
        keep(&mut seen.coarse, (second, used), Grain::Coarse);
    }

    /// The most that was in use within each step; `None` where nobody looked.
    pub(super) fn used(&self, window: &Window) -> Vec<Option<u64>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = match window.grain {
            Grain::Fine => &seen.fine,
            Grain::Coarse => &seen.coarse,
        };
        let mut used = vec![None; window.len()];
        for (step, most) in ring {
            if let Some(place) = window.place(*step).and_then(|place| used.get_mut(place)) {
                *place = Some(*most);
            }
        }
        used
    }
}

fn keep(ring: &mut VecDeque<(u64, u64)>, (second, used): (u64, u64), grain: Grain) {
    let step = second / grain.seconds();
    match ring.back_mut().filter(|(last, _)| *last >= step) {
        Some((_, most)) => *most = used.max(*most),
        None => ring.push_back((step, used)),
    }
    while ring.front().is_some_and(|(first, _)| *first < step.saturating_sub(grain.kept())) {
        ring.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_most_within_a_step_is_kept() {
        let level = Arc::new(AtomicUsize::new(0));
        let looked = Arc::clone(&level);
        let gauge = Gauge::new("database", 6, move || looked.load(Ordering::Relaxed));
        for (second, used) in [(1_000, 1), (1_003, 4), (1_004, 2), (1_012, 3)] {
            level.store(used, Ordering::Relaxed);
            gauge.sample(second);
        }
        assert_eq!(gauge.used(&Window::before(1_015, 20)), [None, Some(4), None, Some(3)]);
    }
}
