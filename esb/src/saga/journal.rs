//! What one saga has done so far: the receipts its steps may ask for, and where it goes next.

use chrono::{DateTime, Utc};
use contracts::{Problem, StepRecord, StepState};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::Step;

/// Where a saga is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heading {
    /// To the end of the plan.
    Forward,
    /// Back to where nothing has happened.
    Back,
}

/// What is to be done next; steps by their place in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Todo {
    /// Ask this step.
    Run(usize),
    /// Take this step back.
    Undo(usize),
    /// Every step is done.
    Complete,
    /// All that may have been done is taken back.
    Compensated,
}

/// The memory of one saga.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Journal {
    heading: Heading,
    steps: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<Problem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
}

/// The journal speaks of a step that the plan no longer has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan has no step `{0}` any more, but this saga has begun it")]
pub struct Misfit(pub String);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    name: String,
    state: StepState,
    attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    // A receipt may be `null`, which is not the same as none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    receipt: Option<Box<RawValue>>,
}

/// Something a person did to the saga.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, such as `operator:<id>`.
    pub by: String,
    /// What.
    pub what: String,
    /// Why, in their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Journal {
    /// What the step `S` left, once it is done.
    pub fn receipt<I, S: Step<I>>(&self) -> Option<S::Receipt> {
        let entry = self.steps.iter().find(|entry| entry.name == S::NAME)?;
        serde_json::from_str(entry.receipt.as_ref()?.get()).ok()
    }

    /// Where the saga is going.
    pub const fn heading(&self) -> Heading {
        self.heading
    }

    /// Why it turned back.
    pub const fn cause(&self) -> Option<&Problem> {
        self.cause.as_ref()
    }

    /// What people did to it.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Every step, as an operator sees it.
    pub fn records(&self) -> Vec<StepRecord> {
        self.steps.iter().map(Entry::record).collect()
    }

    /// What the step at this place left, while it is kept: until the saga has settled.
    pub fn output(&self, step: usize) -> Option<&RawValue> {
        self.steps.get(step)?.receipt.as_deref()
    }

    /// The journal of a saga that has not begun.
    pub(crate) fn fresh<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let steps = names.map(Entry::waiting).collect();
        Self { heading: Heading::Forward, steps, cause: None, remarks: Vec::new() }
    }

    /// This journal, read by a plan that may have gained or lost steps since it was written.
    pub(crate) fn fit<'a>(mut self, names: impl Iterator<Item = &'a str>) -> Result<Self, Misfit> {
        let mut written = std::mem::take(&mut self.steps);
        for name in names {
            let known = written.iter().position(|entry| entry.name == name).map(|place| written.swap_remove(place));
            self.steps.push(known.unwrap_or_else(|| Entry::waiting(name)));
        }
        match written.into_iter().find(|entry| entry.state != StepState::Waiting) {
            Some(lost) => Err(Misfit(lost.name)),
            None => Ok(self),
        }
    }

    /// What is to be done next, where the step at `pivot` is the point of no return.
    pub(crate) fn next(&self, pivot: usize) -> Todo {
        match self.heading {
            Heading::Forward => {
                // What a newer plan put before the pivot comes too late for a saga that has been there.
                let from = if self.is_untouched(pivot) { 0 } else { pivot };
                let mut ahead = self.steps.iter().enumerate().skip(from);
                ahead
                    .find(|(_, entry)| entry.state != StepState::Done)
                    .map_or(Todo::Complete, |(step, _)| Todo::Run(step))
            }
            Heading::Back => {
                let before = self.steps.get(..pivot).unwrap_or_default();
                before.iter().rposition(Entry::may_have_happened).map_or(Todo::Compensated, Todo::Undo)
            }
        }
    }

    /// Its owner died. What it had done since it last wrote is unknown, so each step before the pivot may have begun:
    /// all are taken back if it comes to that. The pivot itself is written down before it is asked.
    pub(crate) fn abandoned(&mut self, pivot: usize) {
        if self.heading == Heading::Forward && self.is_untouched(pivot) {
            let unknown = self.steps.iter_mut().take(pivot).filter(|entry| entry.state == StepState::Waiting);
            unknown.for_each(|entry| entry.state = StepState::Running);
        }
    }

    /// Whether the step was never asked.
    pub(crate) fn is_untouched(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|entry| entry.state == StepState::Waiting)
    }

    /// How often the step was asked, in the direction the saga goes.
    pub(crate) fn attempts(&self, step: usize) -> u32 {
        self.steps.get(step).map_or(0, |entry| entry.attempts)
    }

    /// The step is about to be asked, or taken back.
    pub(crate) fn begin(&mut self, step: usize, now: DateTime<Utc>) {
        let state = if self.heading == Heading::Forward { StepState::Running } else { StepState::Undoing };
        if let Some(entry) = self.steps.get_mut(step) {
            entry.change(state, now);
            entry.attempts = entry.attempts.saturating_add(1);
        }
    }

    /// The step is done, or taken back.
    pub(crate) fn done(&mut self, step: usize, receipt: Option<Box<RawValue>>, now: DateTime<Utc>) {
        let state = if self.heading == Heading::Forward { StepState::Done } else { StepState::Undone };
        if let Some(entry) = self.steps.get_mut(step) {
            entry.change(state, now);
            (entry.error, entry.receipt) = (None, receipt);
        }
    }

    /// The step said no.
    pub(crate) fn refused(&mut self, step: usize, reason: &str, now: DateTime<Utc>) {
        if let Some(entry) = self.steps.get_mut(step) {
            entry.change(StepState::Refused, now);
            entry.error = Some(reason.to_owned());
        }
    }

    /// The step did not say anything that helps.
    pub(crate) fn unclear(&mut self, step: usize, reason: &str) {
        if let Some(entry) = self.steps.get_mut(step) {
            entry.error = Some(reason.to_owned());
        }
    }

    /// From here on everything is taken back; the tries are counted anew.
    pub(crate) fn turn_back(&mut self, cause: Problem) {
        self.heading = Heading::Back;
        self.cause = Some(cause);
        self.steps.iter_mut().for_each(|entry| entry.attempts = 0);
    }

    /// A person set it going again: the step at hand gets its tries back.
    pub(crate) fn resumed(&mut self, remark: Remark) {
        self.remarks.push(remark);
        let unfinished = |entry: &&mut Entry| !matches!(entry.state, StepState::Done | StepState::Undone);
        self.steps.iter_mut().filter(unfinished).for_each(|entry| entry.attempts = 0);
    }

    /// The saga has settled; nobody will ask for a receipt.
    pub(crate) fn close(&mut self) {
        self.steps.iter_mut().for_each(|entry| entry.receipt = None);
    }
}

impl Entry {
    fn waiting(name: &str) -> Self {
        let state = StepState::Waiting;
        Self { name: name.to_owned(), state, attempts: 0, at: None, error: None, receipt: None }
    }

    const fn change(&mut self, state: StepState, now: DateTime<Utc>) {
        self.state = state;
        self.at = Some(now);
    }

    const fn may_have_happened(&self) -> bool {
        !matches!(self.state, StepState::Waiting | StepState::Undone)
    }

    fn record(&self) -> StepRecord {
        StepRecord {
            name: self.name.clone(),
            state: self.state,
            attempts: self.attempts,
            at: self.at,
            error: self.error.clone(),
        }
    }
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::deserialize(deserializer).map(Some)
}
