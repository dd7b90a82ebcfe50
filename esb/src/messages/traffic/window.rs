//! Which part of the past is looked at.

use std::ops::Range;

/// Up to so many seconds back, fine steps are kept.
const FINE_SPAN: u64 = 3_600;
/// Up to so many seconds back, any are.
const COARSE_SPAN: u64 = 86_400;
/// How many fine steps are a minute.
const MINUTE: u64 = 12;

/// How long steps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    Fine,
    Coarse,
}

/// Steps, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) grain: Grain,
    pub(super) steps: Range<u64>,
}

impl Grain {
    /// How many seconds a step has.
    pub(super) const fn seconds(self) -> u64 {
        match self {
            Self::Fine => 5,
            Self::Coarse => 60,
        }
    }

    /// How many steps are kept beside the current one.
    pub(super) const fn kept(self) -> u64 {
        match self {
            // And some more, for who asks while a step begins.
            Self::Fine => FINE_SPAN / 5 + 1,
            Self::Coarse => COARSE_SPAN / 60 + 1,
        }
    }
}

impl Window {
    /// The last `span` seconds before `now`, in whole steps: the one that still fills is not among them.
    pub(super) const fn before(now: u64, span: u64) -> Self {
        let grain = if span <= FINE_SPAN { Grain::Fine } else { Grain::Coarse };
        let end = now / grain.seconds();
        Self { grain, steps: end.saturating_sub(span.div_ceil(grain.seconds()))..end }
    }

    /// The last minute, with the step that still fills; and how many seconds of it have passed.
    pub(super) const fn minute(now: u64) -> (Self, u64) {
        let end = now / Grain::Fine.seconds() + 1;
        let begin = end.saturating_sub(MINUTE);
        (Self { grain: Grain::Fine, steps: begin..end }, now + 1 - begin * Grain::Fine.seconds())
    }

    /// The second in which it ends.
    pub(super) const fn ends_at(&self) -> u64 {
        self.steps.end * self.grain.seconds()
    }

    /// The place of each step that is in it.
    pub(super) fn place(&self, step: u64) -> Option<usize> {
        let place = step.checked_sub(self.steps.start).filter(|_| self.steps.contains(&step))?;
        usize::try_from(place).ok()
    }

    /// How many steps it has.
    pub(super) fn len(&self) -> usize {
        usize::try_from(self.steps.end - self.steps.start).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_whole_steps_and_ends_with_the_last_of_them() {
        let window = Window::before(1_007, 62);
        assert_eq!((window.grain, window.len(), window.ends_at()), (Grain::Fine, 13, 1_005));
        let day = Window::before(1_000_000, 86_400);
        assert_eq!((day.grain, day.len(), day.ends_at()), (Grain::Coarse, 1_440, 999_960));
        assert_eq!(window.place(window.steps.start), Some(0));
        assert_eq!((window.place(window.steps.end), window.place(0)), (None, None));
    }

    #[test]
    fn a_minute_ends_now() {
        let (window, seconds) = Window::minute(1_007);
        assert_eq!((window.len(), window.steps.contains(&201), seconds), (12, true, 58));
    }
}
