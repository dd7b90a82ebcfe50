//! Sagas, as the rest of the ESB sees them: begin one, wait for it, look at it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chassis::{Clock, Context, Tasks};
use chrono::TimeDelta;
use contracts::{Id, Saga, SagaState};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};
use uuid::Uuid;

use super::log::{Begun, Filter, Log, LogError, Opening, Origin, Owner, Record, Settled};
use super::run::Run;
use super::run::timer::Timer;
use super::run::worker::{Ground, Seat, context};
use super::{Journal, Plans, Settings};

/// How long a new saga waits for room.
const ADMISSION_MAX: Duration = Duration::from_secs(2);
/// How often a saga that another process works on is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Runs sagas.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Ground>);

/// What an engine stands on.
pub struct Parts {
    /// The plans it knows.
    pub plans: Plans,
    /// Where sagas are kept.
    pub log: Arc<dyn Log>,
    /// How patient it is.
    pub settings: Settings,
    /// Tells the time.
    pub clock: Clock,
    /// Where its work runs.
    pub tasks: Tasks,
}

/// A saga to be begun. It can't be printed: its input may hold a token.
#[derive(Clone)]
pub struct NewSaga {
    /// Its id.
    pub id: Id<Saga>,
    /// The plan's name.
    pub name: String,
    /// What it is about; one saga for each subject.
    pub subject: Uuid,
    /// What the plan needs to know.
    pub input: Box<RawValue>,
    /// Who asked, and how the same request is known again.
    pub origin: Origin,
}

/// A saga could not be begun.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// No such plan.
    #[error("there is no plan `{0}`")]
    UnknownPlan(String),
    /// The input is not the plan's.
    #[error("the input does not fit the plan")]
    Input(#[source] serde_json::Error),
    /// Too many sagas are under way.
    #[error("too many sagas are under way")]
    Busy,
    /// It may or may not have begun: the same request again, with the same key, tells.
    #[error("the saga could not be recorded")]
    Log(#[source] LogError),
}

impl NewSaga {
    /// A saga about `subject`, with an id of its own.
    pub fn new(name: &str, subject: Uuid, input: &impl Serialize) -> Result<Self, serde_json::Error> {
        let input = to_raw_value(input)?;
        Ok(Self { id: Id::mint(), name: name.to_owned(), subject, input, origin: Origin::default() })
    }

    /// Asked for by `caller`, in the request that this code runs for.
    #[must_use]
    pub fn from_caller(mut self, caller: impl Into<String>) -> Self {
        self.origin.caller = caller.into();
        self.origin.context = Context::current().map(|one| format!("{} {}", one.request_id, one.traceparent()));
        self
    }

    /// Known again by the caller's key, and by a digest of the request.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>, digest: impl Into<Vec<u8>>) -> Self {
        self.origin.key = Some(key.into());
        self.origin.digest = digest.into();
        self
    }
}

impl Engine {
    /// Begins to work: takes up what lies in the log, too.
    pub fn start(parts: Parts) -> Self {
        Self::start_with(parts, Timer::Real)
    }

    pub(super) fn start_with(parts: Parts, timer: Timer) -> Self {
        let Parts { plans, log, settings, clock, tasks } = parts;
        let owner = Owner { id: Id::<Engine>::mint().uuid(), lease: settings.lease() };
        let slots = Arc::new(Semaphore::new(settings.in_flight_max));
        let (wake, live) = (Notify::new(), Mutex::default());
        let ground = Arc::new(Ground { plans, log, settings, clock, timer, tasks, owner, slots, wake, live });
        ground.tasks.spawn(Arc::clone(&ground).find_work());
        ground.tasks.spawn_until_stop(Arc::clone(&ground).renew_leases());
        Self(ground)
    }

    /// Records the saga and begins to work on it; what it answers is durable.
    pub async fn place(&self, new: NewSaga) -> Result<Begun, PlaceError> {
        let run = self.prepare(&new)?;
        let opening = self.opening(new, &run);
        let room = self.0.timer.within(ADMISSION_MAX, Arc::clone(&self.0.slots).acquire_owned());
        let slot = room.await.and_then(Result::ok).ok_or(PlaceError::Busy)?;
        let (tell, told) = oneshot::channel();
        // A task of its own, so that a caller who hangs up leaves nothing half begun.
        self.0.tasks.spawn(begin(opening, run, slot, tell));
        let lost = || LogError::Unavailable("the process stops".to_owned());
        told.await.unwrap_or_else(|_gone| Err(lost())).map_err(PlaceError::Log)
    }

    /// How the saga ended, as soon as it has; `None` if it has not within `patience`, or is not known.
    pub async fn wait(&self, id: Id<Saga>, patience: Duration) -> Option<Settled> {
        self.0.timer.within(patience, self.ending(id.uuid())).await.flatten()
    }

    /// The saga with this id.
    pub async fn get(&self, id: Id<Saga>) -> Result<Option<Record>, LogError> {
        self.0.log.find(id.uuid()).await
    }

    /// The saga about this subject.
    pub async fn by_subject(&self, subject: Uuid) -> Result<Option<Record>, LogError> {
        self.0.log.by_subject(subject).await
    }

    /// Sagas, the youngest first; `before` the last one of a page leads to the next.
    pub async fn list(&self, filter: &Filter) -> Result<Vec<Record>, LogError> {
        self.0.log.list(filter).await
    }

    /// What each step of the saga asks for, under its name, as far as that is known: a request that needs what another
    /// step left is not, before that is done and once the saga has settled.
    pub fn requests(&self, record: &Record) -> Vec<(&'static str, Box<RawValue>)> {
        let Some(script) = self.0.plans.find(&record.name) else { return Vec::new() };
        let Ok(case) = script.open(&record.input) else { return Vec::new() };
        let steps = script.steps().into_iter().enumerate();
        steps.filter_map(|(place, name)| Some((name, case.request(place, &record.journal)?))).collect()
    }

    /// How many sagas are in each state, counted up to `most`.
    pub async fn count(&self, most: usize) -> Result<Vec<(SagaState, usize)>, LogError> {
        self.0.log.count(most).await
    }

    /// How many sagas this process works on.
    pub fn in_flight(&self) -> usize {
        self.0.settings.in_flight_max.saturating_sub(self.0.slots.available_permits())
    }

    fn prepare(&self, new: &NewSaga) -> Result<Run, PlaceError> {
        let script = self.0.plans.find(&new.name).ok_or_else(|| PlaceError::UnknownPlan(new.name.clone()))?;
        let case = script.open(&new.input).map_err(PlaceError::Input)?;
        let steps = script.steps();
        let deadline = self.0.clock.now() + TimeDelta::seconds(self.0.settings.deadline_s.try_into().unwrap_or(3_600));
        let journal = Journal::fresh(steps.iter().copied());
        let (id, plan, pivot, ground) = (new.id.uuid(), script.name(), script.pivot(), Arc::clone(&self.0));
        Ok(Run { id, plan, steps: steps.into(), pivot, case, journal, deadline, ground })
    }

    fn opening(&self, new: NewSaga, run: &Run) -> Opening {
        Opening {
            id: run.id,
            name: new.name,
            subject: new.subject,
            input: new.input,
            journal: run.journal.clone(),
            step: run.steps.first().copied().unwrap_or_default().to_owned(),
            deadline_at: run.deadline,
            origin: new.origin,
            created_at: self.0.clock.now(),
        }
    }

    async fn ending(&self, id: Uuid) -> Option<Settled> {
        loop {
            let watched = self.0.live().get(&id).map(|live| live.told.subscribe());
            if let Some(settled) = heard(watched).await {
                return Some(settled);
            }
            match self.0.log.find(id).await {
                Ok(None) => return None,
                Ok(Some(record)) if record.settled().is_some() => return record.settled(),
                Ok(Some(_)) | Err(_) => self.0.timer.sleep(LOOK_EVERY).await,
            }
        }
    }
}

/// What this process itself finds out; nothing, where the saga leaves it unsettled.
async fn heard(watched: Option<tokio::sync::watch::Receiver<Option<Settled>>>) -> Option<Settled> {
    watched?.wait_for(Option::is_some).await.ok()?.clone()
}

async fn begin(opening: Opening, run: Run, slot: OwnedSemaphorePermit, tell: oneshot::Sender<Result<Begun, LogError>>) {
    let (ground, origin) = (Arc::clone(&run.ground), opening.origin.clone());
    let begun = context(&origin).scope(ground.log.begin(opening, ground.owner)).await;
    let seat = matches!(begun, Ok(Begun::New)).then(|| Seat::take(&ground, run.id, slot));
    tell.send(begun).ok();
    if let Some(seat) = seat {
        metrics::counter!("esb_sagas_started_total", "plan" => run.plan).increment(1);
        seat.work(run, &origin).await;
    }
}
