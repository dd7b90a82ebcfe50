//! Plans and steps without their types, as the runner handles them.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use serde_json::value::{RawValue, to_raw_value};

use super::{Committed, Input, Plan};
use crate::saga::{Journal, Step, StepError, Undo};

pub(in crate::saga) type Ran = Result<Box<RawValue>, StepError>;

/// A step over an `I`, whatever its receipt.
pub(in crate::saga) trait Action<I>: Send + Sync {
    fn name(&self) -> &'static str;
    fn run<'a>(&'a self, input: &'a I, journal: &'a Journal) -> BoxFuture<'a, Ran>;
    fn undo<'a>(&'a self, input: &'a I, journal: &'a Journal) -> BoxFuture<'a, Result<(), StepError>>;
    fn request(&self, input: &I, journal: &Journal) -> Option<Box<RawValue>>;
}

/// A step before the pivot.
pub(in crate::saga) struct Undoable<S>(pub(super) S);

/// The pivot, or a step after it.
pub(in crate::saga) struct Final<S>(pub(super) S);

/// A plan, whatever its input.
pub(in crate::saga) trait Script: Send + Sync {
    fn name(&self) -> &'static str;
    fn steps(&self) -> Vec<&'static str>;
    fn pivot(&self) -> usize;
    fn open(&self, input: &RawValue) -> Result<Arc<dyn Case>, serde_json::Error>;
}

/// A plan with its input: the calls one saga makes.
pub(in crate::saga) trait Case: Send + Sync {
    fn run<'a>(&'a self, step: usize, journal: &'a Journal) -> BoxFuture<'a, Ran>;
    fn undo<'a>(&'a self, step: usize, journal: &'a Journal) -> BoxFuture<'a, Result<(), StepError>>;
    fn request(&self, step: usize, journal: &Journal) -> Option<Box<RawValue>>;
    fn answer(&self, journal: &Journal) -> Option<Box<RawValue>>;
}

struct Opened<I> {
    plan: Arc<Plan<I, Committed>>,
    input: I,
}

impl<I: Input, S: Undo<I>> Action<I> for Undoable<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn run<'a>(&'a self, input: &'a I, journal: &'a Journal) -> BoxFuture<'a, Ran> {
        run(&self.0, input, journal).boxed()
    }

    fn undo<'a>(&'a self, input: &'a I, journal: &'a Journal) -> BoxFuture<'a, Result<(), StepError>> {
        self.0.undo(input, journal).boxed()
    }

    fn request(&self, input: &I, journal: &Journal) -> Option<Box<RawValue>> {
        self.0.request(input, journal)
    }
}

impl<I: Input, S: Step<I>> Action<I> for Final<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn run<'a>(&'a self, input: &'a I, journal: &'a Journal) -> BoxFuture<'a, Ran> {
        run(&self.0, input, journal).boxed()
    }

    fn undo<'a>(&'a self, _: &'a I, _: &'a Journal) -> BoxFuture<'a, Result<(), StepError>> {
        ready(Ok(())).boxed()
    }

    fn request(&self, input: &I, journal: &Journal) -> Option<Box<RawValue>> {
        self.0.request(input, journal)
    }
}

async fn run<I, S: Step<I>>(step: &S, input: &I, journal: &Journal) -> Ran {
    let receipt = step.run(input, journal).await?;
    to_raw_value(&receipt).map_err(StepError::unclear)
}

impl<I: Input> Script for Arc<Plan<I, Committed>> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn steps(&self) -> Vec<&'static str> {
        self.steps.iter().map(|step| step.name()).collect()
    }

    fn pivot(&self) -> usize {
        self.pivot
    }

    fn open(&self, input: &RawValue) -> Result<Arc<dyn Case>, serde_json::Error> {
        Ok(Arc::new(Opened { plan: Self::clone(self), input: serde_json::from_str(input.get())? }))
    }
}

impl<I: Input> Case for Opened<I> {
    fn run<'a>(&'a self, step: usize, journal: &'a Journal) -> BoxFuture<'a, Ran> {
        let Some(action) = self.plan.steps.get(step) else { return ready(Err(missing(step))).boxed() };
        action.run(&self.input, journal)
    }

    fn undo<'a>(&'a self, step: usize, journal: &'a Journal) -> BoxFuture<'a, Result<(), StepError>> {
        let Some(action) = self.plan.steps.get(step) else { return ready(Err(missing(step))).boxed() };
        action.undo(&self.input, journal)
    }

    fn request(&self, step: usize, journal: &Journal) -> Option<Box<RawValue>> {
        self.plan.steps.get(step)?.request(&self.input, journal)
    }

    fn answer(&self, journal: &Journal) -> Option<Box<RawValue>> {
        (self.plan.answer)(&self.input, journal)
    }
}

fn missing(step: usize) -> StepError {
    StepError::unclear(format!("the plan has no step number {step}"))
}
