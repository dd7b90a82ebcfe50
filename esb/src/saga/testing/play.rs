//! One play: a saga on the stage, with a process that works on it and others that take over.

use std::sync::Arc;
use std::time::Duration;

use super::heart::Heart;
use super::stage::{Door, Stage, Watched};
use super::{Act, Call, Time, Twin};
use crate::saga::plan::erased::Script;
use crate::saga::run::timer::Timer;
use crate::saga::{Engine, Log, NewSaga, Parts, Plans, Record, Settings, Settled};
use chassis::Tasks;

/// How long a play may take, on the stage's clock.
const EVENING: Duration = Duration::from_hours(1);

/// A plan, and a simulated world that it acts upon.
pub(crate) trait World: Send + Sync + 'static {
    /// The plan, acting upon this world; the same plans each time.
    fn plans(&self) -> Plans;
    /// A saga in it.
    fn saga(&self) -> NewSaga;
    /// Whether everything was done, once.
    fn is_done(&self) -> bool;
    /// Whether nothing is kept.
    fn is_clean(&self) -> bool;
}

/// A saga on the stage.
pub(crate) struct Play<W> {
    pub(crate) world: W,
    pub(crate) stage: Arc<Stage>,
    pub(crate) saga: NewSaga,
    pub(crate) twin: Arc<Twin>,
    pub(crate) time: Time,
}

/// A process that works on it.
pub(crate) struct Process {
    pub(crate) engine: Engine,
    pub(crate) heart: Arc<Heart>,
}

/// Patience that fits into an evening.
fn settings() -> Settings {
    Settings { deadline_s: 60, attempts_max: 12, step_timeout_ms: 5_000, ..Settings::default() }
}

/// Plays in a time that passes as soon as nobody has anything to do.
pub(crate) fn play<W: World>(world: W, course: impl AsyncFnOnce(Arc<Play<W>>)) {
    // Without timers of its own, so that nothing waits for the real time.
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let time = Time::new();
        let (twin, saga) = (Arc::new(Twin::new(time.clock())), world.saga());
        let play = Arc::new(Play { world, stage: Arc::default(), saga, twin, time: time.clone() });
        tokio::select! {
            biased;
            () = course(play) => {}
            () = time.pass() => {}
        }
    });
}

impl<W: World> Play<W> {
    /// A process whose heart stops at the n-th beat.
    pub(crate) fn process(&self, beats: usize) -> Process {
        let heart = Heart::new(beats);
        let (script, stage) = (self.script(), Arc::clone(&self.stage));
        let plans = Plans::default().with_script(Arc::new(Watched { script, stage, heart: Arc::clone(&heart) }));
        let log = Arc::new(Door { twin: Arc::clone(&self.twin), heart: Arc::clone(&heart) });
        let (settings, clock, tasks) = (settings(), self.time.clock(), Tasks::new());
        let parts = Parts { plans, log, settings, clock, tasks };
        Process { engine: Engine::start_with(parts, Timer::Staged(self.time.clone())), heart }
    }

    fn script(&self) -> Arc<dyn Script> {
        self.world.plans().find(&self.saga.name).expect("the world has the plan of its saga")
    }

    /// The saga from beginning to end, undisturbed.
    pub(crate) async fn whole(&self) -> Settled {
        let process = self.process(usize::MAX);
        process.engine.place(self.saga.clone()).await.expect("the saga is placed");
        process.engine.wait(self.saga.id, EVENING).await.expect("the saga settles")
    }

    /// The saga, begun by a process that dies at the n-th beat; whether it came so far.
    pub(crate) async fn until(&self, beat: usize) -> Option<Process> {
        let process = self.process(beat);
        let engine = process.engine.clone();
        let course = async {
            engine.place(self.saga.clone()).await.expect("the saga is placed");
            engine.wait(self.saga.id, EVENING).await
        };
        tokio::select! {
            biased;
            () = process.heart.stops() => Some(process),
            _settled = course => None,
        }
    }

    /// How it ended, whoever ended it.
    pub(crate) async fn settled(&self) -> Settled {
        for _ in 0..EVENING.as_secs() {
            if let Some(settled) = self.record().await.and_then(|record| record.settled()) {
                return settled;
            }
            self.time.sleep(Duration::from_secs(1)).await;
        }
        panic!("the saga does not settle: {:?}", self.stage.calls());
    }

    pub(crate) async fn record(&self) -> Option<Record> {
        self.twin.find(self.saga.id.uuid()).await.unwrap()
    }

    /// Whether the end is one of the two that were promised.
    pub(crate) fn check(&self, settled: &Settled) {
        let calls = self.stage.calls();
        match settled {
            Settled::Completed(_) => assert!(self.world.is_done(), "completed, but not all is done once: {calls:?}"),
            Settled::Compensated(_) => assert!(self.world.is_clean(), "taken back, but something stays: {calls:?}"),
            Settled::Stuck(reason) => panic!("stuck ({reason}): {calls:?}"),
        }
    }

    /// Every call of this kind goes like that, more often than anyone asks.
    pub(crate) fn always(&self, call: Call, act: Act) {
        self.stage.tell(call, std::iter::repeat_n(act, 1_000));
    }
}
