//! What a process does with sagas: works on those it has, renews their leases, finds those that nobody works on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::{Clock, Context, Tasks};
use contracts::SagaState;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use uuid::Uuid;

use super::timer::Timer;
use super::{Run, Stop};
use crate::saga::journal::Heading;
use crate::saga::log::{Claim, Entry, Hold, Left, Log, Origin, Owner, Record, Settled};
use crate::saga::{Plans, Settings};

/// How many sagas are taken at once.
const CLAIM_MAX: usize = 64;

/// What every saga of a process shares.
pub(in crate::saga) struct Ground {
    pub(in crate::saga) plans: Plans,
    pub(in crate::saga) log: Arc<dyn Log>,
    pub(in crate::saga) settings: Settings,
    pub(in crate::saga) clock: Clock,
    pub(in crate::saga) timer: Timer,
    pub(in crate::saga) tasks: Tasks,
    pub(in crate::saga) owner: Owner,
    pub(in crate::saga) slots: Arc<Semaphore>,
    pub(in crate::saga) wake: Notify,
    pub(in crate::saga) live: Mutex<HashMap<Uuid, Live>>,
}

/// A saga that this process works on.
pub(in crate::saga) struct Live {
    /// How it ended.
    pub(in crate::saga) told: watch::Sender<Option<Settled>>,
    /// That somebody else has decided on it.
    halt: Arc<Notify>,
}

/// A saga's place among those this process works on; it is given up when this is dropped.
pub(in crate::saga) struct Seat {
    ground: Arc<Ground>,
    id: Uuid,
    halt: Arc<Notify>,
    _slot: OwnedSemaphorePermit,
}

impl Seat {
    pub(in crate::saga) fn take(ground: &Arc<Ground>, id: Uuid, slot: OwnedSemaphorePermit) -> Self {
        let halt = Arc::new(Notify::new());
        ground.live().insert(id, Live { told: watch::Sender::new(None), halt: Arc::clone(&halt) });
        Self { ground: Arc::clone(ground), id, halt, _slot: slot }
    }

    /// Works on the saga, as part of the request that began it.
    pub(in crate::saga) async fn work(self, run: Run, origin: &Origin) {
        let (plan, id) = (run.plan, self.id);
        let ended = context(origin).scope(self.until_halted(run.go())).await;
        match ended {
            Ok(settled) => {
                report(plan, id, &settled);
                if let Some(waiting) = self.ground.live().get(&id) {
                    waiting.told.send_replace(Some(settled));
                }
            }
            Err(Stop::Parked) => tracing::debug!(saga.id = %id, "the saga waits for its next attempt"),
            Err(Stop::Lost) => tracing::info!(saga.id = %id, "the saga was taken from this run"),
            Err(Stop::Failed(error)) => {
                tracing::warn!(saga.id = %id, error = %error, "the saga rests until its state can be written");
            }
        }
    }
}

impl Seat {
    /// Stopping in the middle of a step is as safe as a crash: it is asked again, or undone, under the same ids.
    async fn until_halted(&self, work: impl Future<Output = Result<Settled, Stop>>) -> Result<Settled, Stop> {
        tokio::select! {
            ended = work => ended,
            () = self.halt.notified() => Err(Stop::Lost),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.ground.live().remove(&self.id);
    }
}

fn context(origin: &Origin) -> Context {
    let (request_id, traceparent) = origin.context.as_deref().and_then(|text| text.split_once(' ')).unzip();
    Context::from_headers(request_id, traceparent)
}

/// Waits until nobody works on the saga any more.
async fn gone(mut told: watch::Receiver<Option<Settled>>) {
    while told.changed().await.is_ok() {}
}

fn report(plan: &'static str, id: Uuid, settled: &Settled) {
    let state = match settled {
        Settled::Completed(_) => "completed",
        Settled::Compensated(_) => "compensated",
        Settled::Stuck(_) => "stuck",
    };
    metrics::counter!("esb_sagas_settled_total", "plan" => plan, "state" => state).increment(1);
    if let Settled::Stuck(reason) = settled {
        tracing::warn!(saga.id = %id, saga.name = plan, reason, "the saga is stuck: an operator must look");
    } else {
        tracing::info!(saga.id = %id, saga.name = plan, saga.state = state, "the saga has settled");
    }
}

impl Ground {
    pub(in crate::saga) fn live(&self) -> MutexGuard<'_, HashMap<Uuid, Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for sagas that nobody works on, now and then and when woken, until the process stops.
    pub(in crate::saga) async fn find_work(self: Arc<Self>) {
        while !self.tasks.is_stopping() {
            while self.claim().await == CLAIM_MAX {}
            tokio::select! {
                () = self.timer.sleep(Duration::from_millis(self.settings.scan_ms)) => {}
                () = self.wake.notified() => {}
                () = self.tasks.stopping() => {}
            }
        }
    }

    /// Keeps what this process works on from being taken by others.
    pub(in crate::saga) async fn renew_leases(self: Arc<Self>) {
        loop {
            self.timer.sleep(self.owner.lease / 3).await;
            let sagas = self.live().keys().copied().collect::<Vec<_>>();
            if sagas.is_empty() {
                continue;
            }
            if let Err(error) = self.log.renew(self.owner, sagas).await {
                tracing::warn!(error = %error, "the leases could not be renewed");
            }
        }
    }

    /// Takes what is due, as far as there is room; how many were taken.
    async fn claim(self: &Arc<Self>) -> usize {
        let free = || Arc::clone(&self.slots).try_acquire_owned().ok();
        let slots = std::iter::from_fn(free).take(CLAIM_MAX).collect::<Vec<_>>();
        if slots.is_empty() {
            return 0;
        }
        let claims = self.log.claim(self.owner, slots.len()).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "the saga log could not be searched");
            Vec::new()
        });
        let taken = claims.len();
        for (claim, slot) in claims.into_iter().zip(slots) {
            self.take_over(claim, slot);
        }
        taken
    }

    fn take_over(self: &Arc<Self>, claim: Claim, slot: OwnedSemaphorePermit) {
        let running = self.live().get(&claim.record.id).map(|live| (live.told.subscribe(), Arc::clone(&live.halt)));
        // Where the store was away longer than the lease, a process may find a saga that it still works on.
        if running.is_some() && claim.record.journal.heading() == Heading::Forward {
            return;
        }
        let origin = claim.record.origin.clone();
        let ground = Arc::clone(self);
        self.tasks.spawn(async move {
            if let Some((told, halt)) = running {
                // It may have been turned back while it went forward here.
                halt.notify_one();
                gone(told).await;
            }
            let seat = Seat::take(&ground, claim.record.id, slot);
            match ground.resume(&claim) {
                Ok(run) => seat.work(run, &origin).await,
                Err(reason) => ground.set_aside(claim.record, reason).await,
            }
        });
    }

    fn resume(self: &Arc<Self>, claim: &Claim) -> Result<Run, String> {
        let record = &claim.record;
        let script = self.plans.find(&record.name).ok_or_else(|| format!("there is no plan `{}`", record.name))?;
        let case = script.open(&record.input).map_err(|error| format!("its input does not fit: {error}"))?;
        let steps = script.steps();
        let fitting = record.journal.clone().fit(steps.iter().copied());
        let mut journal = fitting.map_err(|error| error.to_string())?;
        if claim.left == Left::Abandoned {
            journal.abandoned(script.pivot());
        }
        let (id, deadline, ground) = (record.id, record.deadline_at, Arc::clone(self));
        Ok(Run { id, plan: script.name(), steps: steps.into(), pivot: script.pivot(), case, journal, deadline, ground })
    }

    /// A saga that this version can't read needs a person, or the version that can.
    async fn set_aside(&self, record: Record, reason: String) {
        tracing::warn!(saga.id = %record.id, saga.name = record.name, reason, "the saga is stuck: it can't be read");
        let at = self.clock.now();
        let entry = Entry {
            id: record.id,
            owner: self.owner.id,
            state: SagaState::Stuck,
            step: record.step,
            attempts: record.attempts,
            journal: record.journal,
            due_at: at,
            last_error: Some(reason),
            outcome: None,
            hold: Hold::Release,
            at,
        };
        if let Err(error) = self.log.record(entry).await {
            tracing::warn!(saga.id = %record.id, error = %error, "a stuck saga could not be written");
        }
    }
}
