//! Runs one saga: asks the step at hand, looks the answer up in the decision table, writes down what must not be lost.
//!
//! Awaited are the beginning (before this code), the moment before the pivot is first asked, every change of direction
//! and the settlement. The rest is written behind or not at all: the ids are fixed, so a crash only repeats steps.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::SagaState;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use self::decide::{Place, Stand, Turn, Verdict, decide};
use self::worker::Ground;
use super::Journal;
use super::journal::{Heading, Todo};
use super::log::{Entry, Hold, Kept, LogError, Settled};
use super::plan::erased::Case;

mod ask;
mod decide;
pub(super) mod timer;
pub(super) mod worker;

/// A saga that pauses longer is given back to the log and takes no memory.
const PAUSE_KEPT_MAX: Duration = Duration::from_secs(1);

/// A saga under way.
pub(super) struct Run {
    pub(super) id: Uuid,
    pub(super) plan: &'static str,
    pub(super) steps: Arc<[&'static str]>,
    pub(super) pivot: usize,
    pub(super) case: Arc<dyn Case>,
    pub(super) journal: Journal,
    pub(super) deadline: DateTime<Utc>,
    pub(super) ground: Arc<Ground>,
}

/// Why a run ended before its saga did.
#[derive(Debug)]
pub(super) enum Stop {
    /// It waits in the log for its next attempt.
    Parked,
    /// Another process has it.
    Lost,
    /// Its state can't be written; whoever finds it later goes on.
    Failed(LogError),
}

/// An entry is as the journal says, but for what these say.
#[derive(Clone)]
struct Change {
    state: SagaState,
    step: usize,
    hold: Hold,
    due_at: Option<DateTime<Utc>>,
    error: Option<String>,
    outcome: Option<Box<RawValue>>,
}

impl Run {
    /// Goes on until the saga has settled or must wait.
    pub(super) async fn go(mut self) -> Result<Settled, Stop> {
        loop {
            let todo = self.journal.next(self.pivot);
            let step = match todo {
                Todo::Run(step) | Todo::Undo(step) => step,
                Todo::Complete => return self.complete().await,
                Todo::Compensated => return self.compensated().await,
            };
            self.begin(step).await?;
            let answer = self.ask(todo, step).await;
            let now = self.ground.clock.now();
            match decide(&self.stand(step), answer, now) {
                Verdict::Onward(receipt) => self.onward(step, receipt).await?,
                Verdict::TurnBack(turn) => self.turn_back(step, turn).await?,
                Verdict::Again(reason) => self.pause(step, reason).await?,
                Verdict::Stuck(reason) => return self.stuck(step, reason).await,
            }
        }
    }

    /// The pivot is written down before it is first asked, so that nobody ever turns back from what may be done.
    async fn begin(&mut self, step: usize) -> Result<(), Stop> {
        let crossing = step == self.pivot && self.journal.is_untouched(step);
        self.journal.begin(step, self.ground.clock.now());
        if crossing { self.record(self.keep(step)).await } else { Ok(()) }
    }

    fn stand(&self, step: usize) -> Stand {
        let place = match (self.journal.heading(), step.cmp(&self.pivot)) {
            (Heading::Back, _) => Place::Back,
            (Heading::Forward, std::cmp::Ordering::Less) => Place::Before,
            (Heading::Forward, std::cmp::Ordering::Equal) => Place::Pivot,
            (Heading::Forward, std::cmp::Ordering::Greater) => Place::After,
        };
        let attempts_max = self.ground.settings.attempts_max;
        Stand { place, attempts: self.journal.attempts(step), attempts_max, deadline: self.deadline }
    }

    /// Steps after the pivot are not begun before it is written down that the pivot is done.
    async fn onward(&mut self, step: usize, receipt: Option<Box<RawValue>>) -> Result<(), Stop> {
        let crossed = step == self.pivot && self.journal.heading() == Heading::Forward;
        self.journal.done(step, receipt, self.ground.clock.now());
        match self.journal.next(self.pivot) {
            Todo::Run(next) if crossed => self.record(self.keep(next)).await,
            _ => Ok(()),
        }
    }

    async fn turn_back(&mut self, step: usize, turn: Turn) -> Result<(), Stop> {
        match &turn {
            Turn::Refused(problem) => self.journal.refused(step, &problem.detail, self.ground.clock.now()),
            Turn::Overdue(reason) => self.journal.unclear(step, reason),
        }
        let problem = turn.into_problem();
        let error = Some(problem.detail.clone());
        self.journal.turn_back(problem);
        self.record(Change { error, ..self.keep(step) }).await
    }

    /// Short pauses are kept in memory, long ones in the log, and all of them once the process stops.
    async fn pause(&mut self, step: usize, reason: String) -> Result<(), Stop> {
        self.journal.unclear(step, &reason);
        let now = self.ground.clock.now();
        let pause = self.ground.settings.pause(self.journal.attempts(step), rand::random());
        let due_at = self.due(now, pause);
        tracing::debug!(saga.id = %self.id, saga.step = self.step_name(step), reason, "a step is to be asked again");
        let change = Change { due_at: Some(due_at), error: Some(reason), ..self.keep(step) };
        if pause <= PAUSE_KEPT_MAX {
            self.ground.log.note(self.entry(change.clone()));
            if self.ground.timer.within(pause, self.ground.tasks.stopping()).await.is_none() {
                return Ok(());
            }
        }
        self.record(Change { hold: Hold::Release, ..change }).await?;
        Err(Stop::Parked)
    }

    /// The deadline is a good moment to ask once more.
    fn due(&self, now: DateTime<Utc>, pause: Duration) -> DateTime<Utc> {
        let due_at = now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX);
        if now < self.deadline { due_at.min(self.deadline) } else { due_at }
    }

    async fn complete(mut self) -> Result<Settled, Stop> {
        let outcome = self.case.answer(&self.journal);
        self.journal.close();
        let last = self.steps.len().saturating_sub(1);
        let state = SagaState::Completed;
        let change = Change { state, outcome: outcome.clone(), hold: Hold::Release, ..self.keep(last) };
        self.record(change).await?;
        Ok(Settled::completed(outcome))
    }

    async fn compensated(mut self) -> Result<Settled, Stop> {
        let refusal = Turn::Overdue(String::new());
        let problem = self.journal.cause().cloned().unwrap_or_else(|| refusal.into_problem());
        let outcome = to_raw_value(&problem).ok();
        self.journal.close();
        let (state, hold, error) = (SagaState::Compensated, Hold::Release, Some(problem.detail.clone()));
        self.record(Change { state, hold, error, outcome, ..self.keep(0) }).await?;
        Ok(Settled::Compensated(Box::new(problem)))
    }

    async fn stuck(mut self, step: usize, reason: String) -> Result<Settled, Stop> {
        self.journal.unclear(step, &reason);
        let (state, hold, error) = (SagaState::Stuck, Hold::Release, Some(reason.clone()));
        self.record(Change { state, hold, error, ..self.keep(step) }).await?;
        Ok(Settled::Stuck(reason))
    }

    fn keep(&self, step: usize) -> Change {
        let state = match self.journal.heading() {
            Heading::Forward => SagaState::Running,
            Heading::Back => SagaState::Compensating,
        };
        Change { state, step, hold: Hold::Keep, due_at: None, error: None, outcome: None }
    }

    async fn record(&self, change: Change) -> Result<(), Stop> {
        match self.ground.log.record(self.entry(change)).await {
            Ok(Kept::Yes) => Ok(()),
            Ok(Kept::Lost) => Err(Stop::Lost),
            Err(error) => Err(Stop::Failed(error)),
        }
    }

    fn entry(&self, change: Change) -> Entry {
        let at = self.ground.clock.now();
        Entry {
            id: self.id,
            owner: self.ground.owner.id,
            state: change.state,
            step: self.step_name(change.step).to_owned(),
            attempts: self.journal.attempts(change.step),
            journal: self.journal.clone(),
            due_at: change.due_at.unwrap_or(at),
            last_error: change.error,
            outcome: change.outcome,
            hold: change.hold,
            at,
        }
    }

    fn step_name(&self, step: usize) -> &'static str {
        self.steps.get(step).copied().unwrap_or_default()
    }
}
