//! What a saga is made of: a step that can be asked twice, and the ability to take it back.

use std::fmt::Display;
use std::future::Future;

use contracts::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::Journal;

/// One step of a saga over an `I`.
///
/// Every id a step needs is in the input before the first call, so that asking again is the same command.
pub trait Step<I>: Send + Sync + 'static {
    /// What the step leaves for those after it.
    type Receipt: Serialize + DeserializeOwned + Send + 'static;

    /// Kebab-case; it is in the journal, so it stays.
    const NAME: &'static str;

    /// Does it, or finds it done.
    fn run(&self, input: &I, journal: &Journal) -> impl Future<Output = Result<Self::Receipt, StepError>> + Send;

    /// What it asks for, as far as it can be known now; for operators, who are shown it without its secrets.
    fn request(&self, _input: &I, _journal: &Journal) -> Option<Box<RawValue>> {
        None
    }
}

/// A step that can be taken back, by the ids in the input, also where it was never begun or its answer was lost.
pub trait Undo<I>: Step<I> {
    /// Takes it back, or finds it taken back.
    fn undo(&self, input: &I, journal: &Journal) -> impl Future<Output = Result<(), StepError>> + Send;
}

/// A promise: the step is never refused for good, so it may stand after the point of no return.
pub trait Retriable<I>: Step<I> {}

/// Why a step is not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StepError {
    /// A clear no; before the point of no return, and at it, this is what the caller is told.
    #[error("refused: {}", .0.detail)]
    Refused(Box<Problem>),
    /// No answer, or none that can be understood: it may have happened, so it is asked again.
    #[error("unclear: {0}")]
    Unclear(String),
}

impl StepError {
    /// A clear no.
    pub fn refused(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }

    /// Nobody knows whether it happened.
    pub fn unclear(reason: impl Display) -> Self {
        Self::Unclear(reason.to_string())
    }
}
