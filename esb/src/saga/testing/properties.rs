//! The properties.

use std::time::Duration;

use chrono::TimeDelta;
use contracts::SagaState;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::play::play;
use super::{Act, Call, Play, World};
use crate::saga::{Begun, Doer, Log, Settled};

/// More moments than a saga has.
const BEATS_MAX: usize = 1_000;

fn steps<W: World>(make: impl Fn() -> W) -> (usize, usize) {
    let world = make();
    let script = world.plans().find(&world.saga().name).expect("the plan of its saga");
    (script.steps().len(), script.pivot())
}

pub(crate) fn all_steps_run_in_order<W: World>(make: impl Fn() -> W) {
    let (count, _) = steps(&make);
    play(make(), async |play| {
        let settled = play.whole().await;
        assert!(matches!(settled, Settled::Completed(_)));
        assert_eq!(play.stage.calls(), (0..count).map(Call::Run).collect::<Vec<_>>());
        play.check(&settled);
    });
}

pub(crate) fn a_refusal_takes_back_what_was_done_in_reverse<W: World>(make: impl Fn() -> W) {
    let (_, pivot) = steps(&make);
    for step in 0..=pivot {
        play(make(), async |play| {
            play.stage.tell(Call::Run(step), [Act::Refuse]);
            let settled = play.whole().await;
            assert!(matches!(&settled, Settled::Compensated(problem) if problem.name() == "no"));
            let back = (0..=step.min(pivot - 1)).rev().map(Call::Undo);
            assert_eq!(play.stage.calls(), (0..=step).map(Call::Run).chain(back).collect::<Vec<_>>());
            play.check(&settled);
        });
    }
}

pub(crate) fn a_step_run_twice_changes_nothing<W: World>(make: impl Fn() -> W) {
    let (count, pivot) = steps(&make);
    play(make(), async |play| {
        (0..count).for_each(|step| play.always(Call::Run(step), Act::Twice));
        play.check(&play.whole().await);
    });
    play(make(), async |play| {
        (0..pivot).for_each(|step| play.always(Call::Undo(step), Act::Twice));
        play.stage.tell(Call::Run(pivot), [Act::Refuse]);
        play.check(&play.whole().await);
    });
}

pub(crate) fn a_finished_saga_does_nothing_more<W: World>(make: impl Fn() -> W) {
    let (_, pivot) = steps(&make);
    for refused in [Vec::new(), vec![Act::Refuse]] {
        play(make(), async |play| {
            play.stage.tell(Call::Run(pivot), refused.clone());
            play.whole().await;
            let calls = play.stage.calls().len();
            let process = play.process(usize::MAX);
            let again = process.engine.place(play.saga.clone()).await.unwrap();
            assert!(matches!(again, Begun::Existing(_)));
            play.time.sleep(Duration::from_mins(1)).await;
            assert_eq!(play.stage.calls().len(), calls, "{again:?}");
        });
    }
}

pub(crate) fn silence_is_asked_again<W: World>(make: impl Fn() -> W) {
    let (count, _) = steps(&make);
    for step in 0..count {
        for act in [Act::Silent, Act::Lost, Act::Panic, Act::Hang] {
            play(make(), async |play| {
                play.stage.tell(Call::Run(step), [act, act]);
                let settled = play.whole().await;
                assert!(matches!(settled, Settled::Completed(_)), "{settled:?}");
                let asked = play.stage.calls().into_iter().filter(|call| *call == Call::Run(step)).count();
                assert_eq!(asked, 3);
                play.check(&settled);
            });
        }
    }
}

pub(crate) fn silence_past_the_deadline_turns_back_before_the_pivot_only<W: World>(make: impl Fn() -> W) {
    let (count, pivot) = steps(&make);
    for step in 0..count {
        play(make(), async |play| {
            play.always(Call::Run(step), Act::Lost);
            let begun = play.time.now();
            let settled = play.whole().await;
            let undone = play.stage.calls().iter().any(|call| matches!(call, Call::Undo(_)));
            let took = play.time.now() - begun;
            assert!(took >= TimeDelta::seconds(60), "gave up after {took}");
            if step < pivot {
                assert!(matches!(&settled, Settled::Compensated(problem) if problem.name() == "saga-overdue"));
                play.check(&settled);
            } else {
                assert!(matches!(settled, Settled::Stuck(_)) && !undone, "{settled:?}");
            }
        });
    }
}

pub(crate) fn an_undo_that_stays_silent_needs_a_person_and_then_goes_on<W: World>(make: impl Fn() -> W) {
    let (_, pivot) = steps(&make);
    for step in 0..pivot {
        play(make(), async |play| {
            play.stage.tell(Call::Run(pivot), [Act::Refuse]);
            play.stage.tell(Call::Undo(step), [Act::Lost; 12]);
            let process = play.process(usize::MAX);
            process.engine.place(play.saga.clone()).await.unwrap();
            assert!(matches!(play.settled().await, Settled::Stuck(_)));
            process.engine.retry(play.saga.id, Doer { by: "operator:ada", reason: None }).await.unwrap();
            play.check(&play.settled_after_retry().await);
            let record = play.record().await.unwrap();
            assert_eq!(record.journal.remarks().first().unwrap().by, "operator:ada");
            assert!(process.engine.retry(play.saga.id, Doer { by: "operator:ada", reason: None }).await.is_err());
        });
    }
}

pub(crate) fn a_process_may_die_at_any_moment<W: World>(make: impl Fn() -> W) {
    die_at_every_moment(make, |_play| {}, |_play| {});
}

pub(crate) fn a_process_may_die_at_any_moment_of_the_way_back<W: World>(make: impl Fn() -> W) {
    let (_, pivot) = steps(&make);
    for step in 0..=pivot {
        die_at_every_moment(&make, |play| play.stage.tell(Call::Run(step), [Act::Refuse]), |_play| {});
    }
}

/// Who takes over may be told no, or nothing, by a step that was done before: what came after it counts, too.
pub(crate) fn the_world_may_have_changed_when_another_takes_over<W: World>(make: impl Fn() -> W) {
    let (_, pivot) = steps(&make);
    for step in 0..=pivot {
        die_at_every_moment(&make, |_play| {}, |play| play.stage.tell(Call::Run(step), [Act::Refuse]));
    }
    for step in 0..pivot {
        die_at_every_moment(&make, |_play| {}, |play| play.always(Call::Run(step), Act::Silent));
    }
}

/// `before` and `after` say what happens on the stage before and after the death.
fn die_at_every_moment<W: World>(make: impl Fn() -> W, before: impl Fn(&Play<W>), after: impl Fn(&Play<W>)) {
    let (_, pivot) = steps(&make);
    for beat in 0..BEATS_MAX {
        let mut was_last = false;
        play(make(), async |play| {
            before(&play);
            was_last = play.until(beat).await.is_none();
            after(&play);
            let Some(record) = play.record().await else {
                assert_eq!(play.stage.calls(), [], "something happened before the saga was recorded");
                return;
            };
            let (died, asked, heir) = (play.time.now(), play.stage.calls().len(), play.process(usize::MAX));
            while record.settled().is_none() && play.stage.calls().len() == asked {
                play.time.sleep(Duration::from_millis(100)).await;
                assert!(play.time.now() - died < TimeDelta::seconds(10), "not taken over in time");
            }
            play.check(&play.settled().await);
            only_forward(&play.stage.calls(), pivot);
            drop(heir);
        });
        if was_last {
            return;
        }
    }
    panic!("the saga has no end");
}

/// Once a step after the pivot was asked, nothing up to the pivot is asked again, or taken back.
fn only_forward(calls: &[Call], pivot: usize) {
    let beyond = |call: &Call| matches!(call, Call::Run(step) if *step > pivot);
    let mut after = calls.iter().skip_while(|call| !beyond(call));
    assert!(after.all(beyond), "{calls:?}");
}

/// Something that goes wrong, in a plan of so many steps with its pivot there.
fn mishaps(count: usize, pivot: usize) -> impl Strategy<Value = Vec<(Call, Act)>> {
    let unclear = prop_oneof![Just(Act::Silent), Just(Act::Lost), Just(Act::Twice), Just(Act::Panic), Just(Act::Hang)];
    let run = (0..count, unclear.clone()).prop_map(|(step, act)| (Call::Run(step), act));
    let undo = (0..pivot, unclear).prop_map(|(step, act)| (Call::Undo(step), act));
    let refusal = (0..=pivot).prop_map(|step| (Call::Run(step), Act::Refuse));
    proptest::collection::vec(prop_oneof![3 => run, 2 => undo, 1 => refusal], 0..10)
}

/// Mishaps, and processes that die, of which some wake up when others have taken over.
pub(crate) fn whatever_happens_the_promise_is_kept<W: World>(make: impl Fn() -> W) {
    let (count, pivot) = steps(&make);
    let deaths = proptest::collection::vec((0..12_usize, any::<bool>()), 0..4);
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let checked = runner.run(&(mishaps(count, pivot), deaths), |(mishaps, deaths)| {
        play(make(), async |play| through(&play, mishaps, deaths).await);
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}

async fn through<W: World>(play: &Play<W>, mishaps: Vec<(Call, Act)>, deaths: Vec<(usize, bool)>) {
    for (call, act) in mishaps {
        play.stage.tell(call, [act]);
    }
    let mut frozen = Vec::new();
    for (beat, wakes) in deaths {
        let Some(process) = play.until(beat).await else { break };
        frozen.extend(wakes.then_some(process.heart));
    }
    let last = play.process(usize::MAX);
    last.engine.place(play.saga.clone()).await.unwrap();
    play.time.sleep(Duration::from_secs(7)).await;
    for heart in frozen {
        heart.thaw();
    }
    play.check(&play.settled().await);
    play.time.sleep(Duration::from_mins(1)).await;
    let record = play.twin.find(play.saga.id.uuid()).await.unwrap().unwrap();
    assert!(matches!(record.state, SagaState::Completed | SagaState::Compensated));
    play.check(&record.settled().unwrap());
}

impl<W: World> Play<W> {
    async fn settled_after_retry(&self) -> Settled {
        loop {
            match self.settled().await {
                Settled::Stuck(_) => self.time.sleep(Duration::from_secs(1)).await,
                settled => return settled,
            }
        }
    }
}
