//! The steps of a saga in their order, and what the types know about that order.
//!
//! A step that can't be taken back has no place before the point of no return. This compiles:
//!
//! ```no_run
//! # use esb::saga::{Committed, Journal, Plan, Plans, Retriable, Step, StepError, Undo};
//! # struct Reserve; struct Confirm; struct Notify;
//! # impl Step<u8> for Reserve { type Receipt = (); const NAME: &'static str = "reserve";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! # impl Undo<u8> for Reserve { async fn undo(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! # impl Step<u8> for Confirm { type Receipt = u8; const NAME: &'static str = "confirm";
//! #   async fn run(&self, _: &u8, journal: &Journal) -> Result<u8, StepError> {
//! let before: Option<()> = journal.receipt::<_, Reserve>();
//! #   Ok(1) } }
//! # impl Step<u8> for Notify { type Receipt = (); const NAME: &'static str = "notify";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! # impl Retriable<u8> for Notify {}
//! let plan: Plan<u8, Committed> = Plan::named("example").step(Reserve).pivot(Confirm).then(Notify);
//! let plans = Plans::default().with(plan);
//! ```
//! A step before the pivot needs its undo:
//! ```compile_fail,E0277
//! # use esb::saga::{Committed, Journal, Plan, Plans, Retriable, Step, StepError, Undo};
//! # struct Reserve; struct Confirm;
//! # impl Step<u8> for Reserve { type Receipt = (); const NAME: &'static str = "reserve";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! # impl Step<u8> for Confirm { type Receipt = u8; const NAME: &'static str = "confirm";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<u8, StepError> { Ok(1) } }
//! let plan: Plan<u8, Committed> = Plan::named("example").step(Reserve).pivot(Confirm);
//! ```
//! There is no such step after it:
//! ```compile_fail,E0599
//! # use esb::saga::{Committed, Journal, Plan, Plans, Retriable, Step, StepError, Undo};
//! # struct Reserve; struct Confirm;
//! # impl Step<u8> for Reserve { type Receipt = (); const NAME: &'static str = "reserve";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! # impl Undo<u8> for Reserve { async fn undo(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! # impl Step<u8> for Confirm { type Receipt = u8; const NAME: &'static str = "confirm";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<u8, StepError> { Ok(1) } }
//! let plan: Plan<u8, Committed> = Plan::named("example").pivot(Confirm).step(Reserve);
//! ```
//! What follows the pivot promises to be retriable:
//! ```compile_fail,E0277
//! # use esb::saga::{Committed, Journal, Plan, Plans, Retriable, Step, StepError, Undo};
//! # struct Confirm; struct Notify;
//! # impl Step<u8> for Confirm { type Receipt = u8; const NAME: &'static str = "confirm";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<u8, StepError> { Ok(1) } }
//! # impl Step<u8> for Notify { type Receipt = (); const NAME: &'static str = "notify";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! let plan: Plan<u8, Committed> = Plan::named("example").pivot(Confirm).then(Notify);
//! ```
//! And a plan without a point of no return is not a plan:
//! ```compile_fail,E0308
//! # use esb::saga::{Committed, Journal, Plan, Plans, Retriable, Step, StepError, Undo};
//! # struct Reserve;
//! # impl Step<u8> for Reserve { type Receipt = (); const NAME: &'static str = "reserve";
//! #   async fn run(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! # impl Undo<u8> for Reserve { async fn undo(&self, _: &u8, _: &Journal) -> Result<(), StepError> { Ok(()) } }
//! let plans = Plans::default().with(Plan::<u8, _>::named("example").step(Reserve));
//! ```

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use self::erased::{Action, Final, Script, Undoable};
use super::{Journal, Retriable, Step, Undo};

pub(super) mod erased;

/// The plan has no point of no return yet.
#[derive(Debug)]
pub struct Open;

/// The plan has its point of no return: it can be run.
#[derive(Debug)]
pub struct Committed;

/// What a saga is about; fixed before its first step.
pub trait Input: Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Input for T {}

pub(super) type Answer<I> = Box<dyn Fn(&I, &Journal) -> Option<Box<RawValue>> + Send + Sync>;

/// The steps of a saga over an `I`, in order.
pub struct Plan<I, Stage> {
    pub(super) name: &'static str,
    pub(super) steps: Vec<Box<dyn Action<I>>>,
    pub(super) pivot: usize,
    pub(super) answer: Answer<I>,
    stage: PhantomData<Stage>,
}

impl<I: Input> Plan<I, Open> {
    /// A plan without steps; the name is in the journal, so it stays.
    pub fn named(name: &'static str) -> Self {
        Self { name, steps: Vec::new(), pivot: 0, answer: Box::new(|_, _| None), stage: PhantomData }
    }

    /// A step that is taken back when the saga turns back.
    #[must_use]
    pub fn step<S: Undo<I>>(mut self, step: S) -> Self {
        self.steps.push(Box::new(Undoable(step)));
        self
    }

    /// The point of no return: refused, the saga turns back; done, it only goes forward. Its receipt is the saga's
    /// answer, unless the plan says otherwise.
    #[must_use]
    pub fn pivot<S: Step<I>>(mut self, step: S) -> Plan<I, Committed> {
        let pivot = self.steps.len();
        self.steps.push(Box::new(Final(step)));
        let answer: Answer<I> = Box::new(|_, journal| to_raw_value(&journal.receipt::<I, S>()?).ok());
        Plan { name: self.name, steps: self.steps, pivot, answer, stage: PhantomData }
    }
}

impl<I: Input> Plan<I, Committed> {
    /// A step after the point of no return.
    #[must_use]
    pub fn then<S: Retriable<I>>(mut self, step: S) -> Self {
        self.steps.push(Box::new(Final(step)));
        self
    }

    /// What the caller is answered once every step is done.
    #[must_use]
    pub fn answer<A, F>(mut self, answer: F) -> Self
    where
        A: Serialize,
        F: Fn(&I, &Journal) -> Option<A> + Send + Sync + 'static,
    {
        self.answer = Box::new(move |input, journal| to_raw_value(&answer(input, journal)?).ok());
        self
    }
}

/// The plans an engine can run, by name.
#[derive(Clone, Default)]
pub struct Plans(HashMap<&'static str, Arc<dyn Script>>);

impl Plans {
    /// These and `plan`.
    #[must_use]
    pub fn with<I: Input>(mut self, plan: Plan<I, Committed>) -> Self {
        self.0.insert(plan.name, Arc::new(Arc::new(plan)));
        self
    }

    pub(super) fn find(&self, name: &str) -> Option<Arc<dyn Script>> {
        self.0.get(name).cloned()
    }

    #[cfg(test)]
    pub(super) fn with_script(mut self, script: Arc<dyn Script>) -> Self {
        self.0.insert(script.name(), script);
        self
    }
}
