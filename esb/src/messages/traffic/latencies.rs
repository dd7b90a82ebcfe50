//! How long things took, counted in buckets: four to each doubling, so that what is read out is never far off.

/// The shortest that is told apart from shorter, as a power of two of microseconds.
const FIRST_POWER: u32 = 3;
/// The longest, some four minutes.
const LAST_POWER: u32 = 27;
/// How many buckets a doubling has, as a power of two.
const FINENESS: u32 = 2;

/// Durations, counted. Only as many buckets take room as lie between the shortest and the longest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Latencies {
    /// The first bucket that is kept.
    first: u32,
    counts: Vec<u32>,
}

impl Latencies {
    /// One more, in microseconds.
    pub(super) fn add(&mut self, us: u64) {
        self.count(bucket(us), 1);
    }

    /// Those of another, too.
    pub(super) fn merge(&mut self, other: &Self) {
        for (bucket, count) in (other.first..).zip(&other.counts) {
            if *count > 0 {
                self.count(bucket, *count);
            }
        }
    }

    /// What this share of them, in thousandths, took at most, in milliseconds; `None` where there are none.
    pub(super) fn quantile(&self, permille: u64) -> Option<f64> {
        let total = self.counts.iter().map(|count| u64::from(*count)).sum::<u64>();
        let rank = (total * permille).div_ceil(1000).max(1);
        let mut before = 0;
        for (bucket, count) in (self.first..).zip(&self.counts) {
            let within = rank - before;
            if *count > 0 && within <= u64::from(*count) {
                return Some(between(bucket, share(within, *count)));
            }
            before += u64::from(*count);
        }
        None
    }

    fn count(&mut self, bucket: u32, count: u32) {
        if self.counts.is_empty() {
            self.first = bucket;
        }
        if bucket < self.first {
            let more = (self.first - bucket).try_into().unwrap_or(0);
            self.counts.splice(0..0, std::iter::repeat_n(0, more));
            self.first = bucket;
        }
        let place = usize::try_from(bucket - self.first).unwrap_or(0);
        if place >= self.counts.len() {
            self.counts.resize(place + 1, 0);
        }
        if let Some(here) = self.counts.get_mut(place) {
            *here = here.saturating_add(count);
        }
    }
}

/// Which bucket counts this many microseconds.
fn bucket(us: u64) -> u32 {
    let us = us.clamp(1 << FIRST_POWER, (1 << (LAST_POWER + 1)) - 1);
    let power = us.ilog2();
    let part = u32::try_from(us >> (power - FINENESS)).unwrap_or(0) - (1 << FINENESS);
    ((power - FIRST_POWER) << FINENESS) + part
}

/// Where a bucket begins, and how wide it is, in microseconds.
const fn bounds(bucket: u32) -> (u32, u32) {
    let power = FIRST_POWER + (bucket >> FINENESS);
    let width = 1 << (power - FINENESS);
    ((1 << power) + (bucket & ((1 << FINENESS) - 1)) * width, width)
}

/// At `share` of a bucket, in milliseconds, to the microsecond.
fn between(bucket: u32, share: f64) -> f64 {
    let (low, width) = bounds(bucket);
    f64::from(width).mul_add(share, f64::from(low)).round() / 1000.0
}

/// The middle of the `within`-th of `count`.
fn share(within: u64, count: u32) -> f64 {
    (f64::from(u32::try_from(within).unwrap_or(u32::MAX)) - 0.5) / f64::from(count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(durations: &[u64]) -> Latencies {
        let mut latencies = Latencies::default();
        for us in durations {
            latencies.add(*us);
        }
        latencies
    }

    /// The true one, by sorting.
    fn exact(durations: &[u64], permille: u64) -> f64 {
        let mut sorted = durations.to_vec();
        sorted.sort_unstable();
        let rank = (sorted.len() * usize::try_from(permille).unwrap()).div_ceil(1000).max(1);
        f64::from(u32::try_from(sorted[rank - 1]).unwrap()) / 1000.0
    }

    proptest! {
        #[test]
        fn what_is_read_out_is_within_a_quarter(
            durations in prop::collection::vec(8_u64..200_000_000, 1..200),
            permille in prop::sample::select(vec![500_u64, 950, 990]),
        ) {
            let (told, truth) = (of(&durations).quantile(permille).unwrap(), exact(&durations, permille));
            prop_assert!((told - truth).abs() <= truth * 0.25 + 0.001, "{told} for {truth}");
        }

        #[test]
        fn parts_make_the_same_whole(
            left in prop::collection::vec(any::<u64>(), 0..50),
            right in prop::collection::vec(any::<u64>(), 0..50),
        ) {
            let mut merged = of(&left);
            merged.merge(&of(&right));
            let whole = of(&[left, right].concat());
            for permille in [1, 500, 990, 1000] {
                prop_assert_eq!(merged.quantile(permille), whole.quantile(permille));
            }
        }

        #[test]
        fn every_duration_lies_within_its_bucket(us in 8_u64..(1 << 28)) {
            let (low, width) = bounds(bucket(us));
            prop_assert!((u64::from(low)..u64::from(low + width)).contains(&us));
        }
    }

    #[test]
    fn nothing_has_no_latency_and_extremes_are_bounded() {
        assert_eq!(Latencies::default().quantile(500), None);
        let extremes = of(&[0, u64::MAX]);
        assert!(extremes.quantile(1).unwrap() < 0.02 && extremes.quantile(1000).unwrap() > 200_000.0);
        assert!(extremes.counts.len() <= 100);
    }
}
