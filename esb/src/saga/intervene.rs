//! What operators do to sagas: set a stuck one going again, turn one back that is under way.

use contracts::{Id, Problem, Saga, SagaState};

use super::Engine;
use super::journal::{Heading, Journal, Remark};
use super::log::{Entry, Hold, Kept, LogError, Record};

/// How often a saga that changes while it is turned back is looked at anew.
const LOOKS_MAX: usize = 16;

/// An operator, and why they do it.
#[derive(Debug, Clone, Copy)]
pub struct Doer<'a> {
    /// Such as `operator:<id>`.
    pub by: &'a str,
    /// In their own words.
    pub reason: Option<&'a str>,
}

/// A saga was not set going again.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// No such saga.
    #[error("there is no such saga")]
    Missing,
    /// Only a stuck one waits for a person.
    #[error("the saga is not stuck")]
    NotStuck,
    /// The log failed.
    #[error("the saga could not be set going again")]
    Log(#[source] LogError),
}

/// A saga was not turned back.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// No such saga.
    #[error("there is no such saga")]
    Missing,
    /// It has ended.
    #[error("the saga has settled: there is nothing to cancel any more")]
    Settled,
    /// What comes after is never taken back.
    #[error("the saga is past its point of no return: let it end, then undo by what it has made")]
    PastReturn,
    /// Its plan is not known here, or is another by now.
    #[error("the saga can't be read by this version of the bus: {0}")]
    Unknown(String),
    /// It changes faster than it can be turned back.
    #[error("the saga changes all the time: try again")]
    Restless,
    /// The log failed.
    #[error("the saga could not be turned back")]
    Log(#[source] LogError),
}

impl Engine {
    /// Sets a stuck saga going again, in the direction it was going; who did it is kept in its journal.
    pub async fn retry(&self, id: Id<Saga>, doer: Doer<'_>) -> Result<Record, RetryError> {
        let stuck = self.get(id).await.map_err(RetryError::Log)?.ok_or(RetryError::Missing)?;
        if stuck.state != SagaState::Stuck {
            return Err(RetryError::NotStuck);
        }
        let mut journal = self.as_left(&stuck);
        journal.resumed(self.remark(doer, "retried"));
        let entry = self.reopening(&stuck, journal);
        match self.0.log.reopen(&stuck, entry).await.map_err(RetryError::Log)? {
            Kept::Yes => self.0.wake.notify_one(),
            Kept::Lost => return Err(RetryError::NotStuck),
        }
        tracing::info!(saga.id = %id, by = doer.by, "an operator set the saga going again");
        self.get(id).await.map_err(RetryError::Log)?.ok_or(RetryError::Missing)
    }

    /// The journal of a stuck saga. One that was set aside unread may have had an owner who died and had done more than was
    /// written down; that it did is not told with the next claim any more.
    fn as_left(&self, stuck: &Record) -> Journal {
        let script = self.0.plans.find(&stuck.name);
        let fitting = script.and_then(|script| {
            let mut journal = stuck.journal.clone().fit(script.steps().iter().copied()).ok()?;
            journal.abandoned(script.pivot());
            Some(journal)
        });
        fitting.unwrap_or_else(|| stuck.journal.clone())
    }

    /// Turns a saga back that is before its point of no return, whoever works on it: what it may have done is undone by
    /// id. One that is on its way back already goes on.
    pub async fn cancel(&self, id: Id<Saga>, doer: Doer<'_>) -> Result<Record, CancelError> {
        for _ in 0..LOOKS_MAX {
            let seen = self.get(id).await.map_err(CancelError::Log)?.ok_or(CancelError::Missing)?;
            if seen.state == SagaState::Compensating {
                return Ok(seen);
            }
            let entry = self.reopening(&seen, self.turned_back(&seen, doer)?);
            // Whoever works on it is not its owner any more, and finds out when it writes: at the latest before it asks
            // for what can't be undone.
            if self.0.log.reopen(&seen, entry).await.map_err(CancelError::Log)? == Kept::Yes {
                tracing::info!(saga.id = %id, by = doer.by, reason = doer.reason, "an operator has cancelled the saga");
                self.0.wake.notify_one();
                return self.get(id).await.map_err(CancelError::Log)?.ok_or(CancelError::Missing);
            }
        }
        Err(CancelError::Restless)
    }

    /// The journal of a saga that goes back from here. Its owner may have done more than it has written down.
    fn turned_back(&self, seen: &Record, doer: Doer<'_>) -> Result<Journal, CancelError> {
        if matches!(seen.state, SagaState::Completed | SagaState::Compensated) {
            return Err(CancelError::Settled);
        }
        let script = self.0.plans.find(&seen.name).ok_or_else(|| CancelError::Unknown(seen.name.clone()))?;
        let fitting = seen.journal.clone().fit(script.steps().iter().copied());
        let mut journal = fitting.map_err(|misfit| CancelError::Unknown(misfit.to_string()))?;
        if journal.heading() == Heading::Forward {
            if !journal.is_untouched(script.pivot()) {
                return Err(CancelError::PastReturn);
            }
            journal.abandoned(script.pivot());
            journal.turn_back(cancelled());
        }
        journal.resumed(self.remark(doer, "cancelled"));
        Ok(journal)
    }

    fn remark(&self, doer: Doer<'_>, what: &str) -> Remark {
        let reason = doer.reason.map(str::to_owned);
        Remark { at: self.0.clock.now(), by: doer.by.to_owned(), what: what.to_owned(), reason }
    }

    fn reopening(&self, seen: &Record, journal: Journal) -> Entry {
        let at = self.0.clock.now();
        let state = match journal.heading() {
            Heading::Forward => SagaState::Running,
            Heading::Back => SagaState::Compensating,
        };
        let (id, owner, step, last_error) = (seen.id, self.0.owner.id, seen.step.clone(), seen.last_error.clone());
        let (attempts, due_at, outcome, hold) = (0, at, None, Hold::Release);
        Entry { id, owner, state, step, attempts, journal, due_at, last_error, outcome, hold, at }
    }
}

/// What the caller is told.
fn cancelled() -> Problem {
    let detail = "an operator has cancelled this; everything that may have been done is taken back";
    Problem::new("saga-cancelled", 409, "Cancelled", detail)
}
