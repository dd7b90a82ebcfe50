//! What holds for any plan, proven by playing it: every step asked, refused, silent, repeated, and the process frozen at
//! every moment there is.
//!
//! A plan is covered by naming it: `saga_properties!(make)`, where `make` builds a [`World`] to play it in.

#[macro_use]
pub(crate) mod contract;
mod heart;
mod model;
mod play;
mod properties;
mod stage;
mod time;
mod twin;

pub(crate) use play::{Play, World};
pub(crate) use properties::*;
pub(crate) use stage::{Act, Call};
pub(crate) use time::Time;
pub(crate) use twin::Twin;

/// The properties of any plan, as tests.
macro_rules! saga_properties {
    ($make:expr) => {
        #[test]
        fn all_steps_run_in_order() {
            $crate::saga::testing::all_steps_run_in_order($make);
        }
        #[test]
        fn a_refusal_takes_back_what_was_done_in_reverse() {
            $crate::saga::testing::a_refusal_takes_back_what_was_done_in_reverse($make);
        }
        #[test]
        fn a_step_run_twice_changes_nothing() {
            $crate::saga::testing::a_step_run_twice_changes_nothing($make);
        }
        #[test]
        fn a_finished_saga_does_nothing_more() {
            $crate::saga::testing::a_finished_saga_does_nothing_more($make);
        }
        #[test]
        fn silence_is_asked_again() {
            $crate::saga::testing::silence_is_asked_again($make);
        }
        #[test]
        fn silence_past_the_deadline_turns_back_before_the_pivot_only() {
            $crate::saga::testing::silence_past_the_deadline_turns_back_before_the_pivot_only($make);
        }
        #[test]
        fn an_undo_that_stays_silent_needs_a_person_and_then_goes_on() {
            $crate::saga::testing::an_undo_that_stays_silent_needs_a_person_and_then_goes_on($make);
        }
        #[test]
        fn a_process_may_die_at_any_moment() {
            $crate::saga::testing::a_process_may_die_at_any_moment($make);
        }
        #[test]
        fn a_process_may_die_at_any_moment_of_the_way_back() {
            $crate::saga::testing::a_process_may_die_at_any_moment_of_the_way_back($make);
        }
        #[test]
        fn the_world_may_have_changed_when_another_takes_over() {
            $crate::saga::testing::the_world_may_have_changed_when_another_takes_over($make);
        }
        #[test]
        fn whatever_happens_the_promise_is_kept() {
            $crate::saga::testing::whatever_happens_the_promise_is_kept($make);
        }
    };
}
pub(crate) use saga_properties;
