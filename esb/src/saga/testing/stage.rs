//! A stage on which any plan can be played: steps answer as told, processes freeze where they are told to, and time
//! passes as fast as it can.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use contracts::Problem;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::Twin;
use super::heart::Heart;
use crate::saga::plan::erased::{Case, Ran, Script};
use crate::saga::{Begun, Claim, Entry, Filter, Journal, Kept, Log, LogError, Opening, Owner, Record, StepError};

/// A call of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Run(usize),
    Undo(usize),
}

/// How a call goes, if not well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// It does not happen, and says so.
    Refuse,
    /// It does not happen, and nobody knows.
    Silent,
    /// It happens, and nobody knows.
    Lost,
    /// It happens twice.
    Twice,
    /// It happens, and then the step panics.
    Panic,
    /// It does not happen, and never answers.
    Hang,
}

/// What is to happen on the stage, and what has.
#[derive(Default)]
pub(crate) struct Stage {
    acts: Mutex<HashMap<Call, VecDeque<Act>>>,
    calls: Mutex<Vec<Call>>,
    happened: Mutex<HashSet<Call>>,
    refused: Mutex<HashSet<Call>>,
}

/// The log as one process sees it.
pub(crate) struct Door {
    pub(crate) twin: Arc<Twin>,
    pub(crate) heart: Arc<Heart>,
}

/// A plan on the stage, run by one process.
pub(crate) struct Watched {
    pub(crate) script: Arc<dyn Script>,
    pub(crate) stage: Arc<Stage>,
    pub(crate) heart: Arc<Heart>,
}

struct WatchedCase {
    case: Arc<dyn Case>,
    pivot: usize,
    stage: Arc<Stage>,
    heart: Arc<Heart>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// The next calls of this kind go like this; then all goes well.
    pub(crate) fn tell(&self, call: Call, acts: impl IntoIterator<Item = Act>) {
        lock(&self.acts).entry(call).or_default().extend(acts);
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    fn next(&self, call: Call) -> Option<Act> {
        lock(&self.calls).push(call);
        lock(&self.acts).get_mut(&call)?.pop_front()
    }

    /// A pivot does not say no once it is done, and once it has said no it does not say anything else.
    fn pivot_act(&self, call: Call, act: Option<Act>) -> Option<Act> {
        let refused = lock(&self.refused).contains(&call);
        match act {
            _ if refused => Some(Act::Refuse),
            Some(Act::Refuse) if lock(&self.happened).contains(&call) => None,
            Some(Act::Refuse) => {
                lock(&self.refused).insert(call);
                act
            }
            _ => act,
        }
    }
}

impl Script for Watched {
    fn name(&self) -> &'static str {
        self.script.name()
    }

    fn steps(&self) -> Vec<&'static str> {
        self.script.steps()
    }

    fn pivot(&self) -> usize {
        self.script.pivot()
    }

    fn open(&self, input: &RawValue) -> Result<Arc<dyn Case>, serde_json::Error> {
        let (case, pivot) = (self.script.open(input)?, self.script.pivot());
        Ok(Arc::new(WatchedCase { case, pivot, stage: Arc::clone(&self.stage), heart: Arc::clone(&self.heart) }))
    }
}

impl WatchedCase {
    /// `happen` is the real call, each time it is made.
    async fn act<'a, T>(
        &self,
        call: Call,
        happen: impl Fn() -> BoxFuture<'a, Result<T, StepError>> + Send + Sync,
    ) -> Result<T, StepError> {
        self.heart.beat().await;
        let told = self.stage.next(call);
        let act = if call == Call::Run(self.pivot) { self.stage.pivot_act(call, told) } else { told };
        match act {
            Some(Act::Refuse) => return Err(StepError::refused(Problem::new("no", 409, "No", "the stage says no"))),
            Some(Act::Silent) => return Err(StepError::unclear("silence")),
            Some(Act::Hang) => std::future::pending().await,
            _ => {}
        }
        let done = happen().await?;
        lock(&self.stage.happened).insert(call);
        self.heart.beat().await;
        match act {
            Some(Act::Lost) => Err(StepError::unclear("the answer is lost")),
            Some(Act::Panic) => panic!("as the stage says"),
            Some(Act::Twice) => happen().await,
            _ => Ok(done),
        }
    }
}

impl Case for WatchedCase {
    fn run<'a>(&'a self, step: usize, journal: &'a Journal) -> BoxFuture<'a, Ran> {
        async move { self.act(Call::Run(step), || self.case.run(step, journal)).await }.boxed()
    }

    fn undo<'a>(&'a self, step: usize, journal: &'a Journal) -> BoxFuture<'a, Result<(), StepError>> {
        async move { self.act(Call::Undo(step), || self.case.undo(step, journal)).await }.boxed()
    }

    fn request(&self, step: usize, journal: &Journal) -> Option<Box<RawValue>> {
        self.case.request(step, journal)
    }

    fn answer(&self, journal: &Journal) -> Option<Box<RawValue>> {
        self.case.answer(journal)
    }
}

#[async_trait]
impl Log for Door {
    async fn begin(&self, opening: Opening, owner: Owner) -> Result<Begun, LogError> {
        self.heart.beat().await;
        let begun = self.twin.begin(opening, owner).await;
        self.heart.beat().await;
        begun
    }

    // What is written behind is lost, always: nothing may depend on it.
    fn note(&self, _entry: Entry) {}

    async fn record(&self, entry: Entry) -> Result<Kept, LogError> {
        self.heart.beat().await;
        let kept = self.twin.record(entry).await;
        self.heart.beat().await;
        kept
    }

    async fn renew(&self, owner: Owner, sagas: Vec<Uuid>) -> Result<(), LogError> {
        self.heart.alive().await;
        self.twin.renew(owner, sagas).await
    }

    async fn claim(&self, owner: Owner, limit: usize) -> Result<Vec<Claim>, LogError> {
        self.heart.alive().await;
        self.twin.claim(owner, limit).await
    }

    async fn find(&self, id: Uuid) -> Result<Option<Record>, LogError> {
        self.twin.find(id).await
    }

    async fn by_subject(&self, subject: Uuid) -> Result<Option<Record>, LogError> {
        self.twin.by_subject(subject).await
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<Record>, LogError> {
        self.twin.list(filter).await
    }

    async fn count(&self, most: usize) -> Result<Vec<(contracts::SagaState, usize)>, LogError> {
        self.twin.count(most).await
    }

    async fn reopen(&self, seen: &Record, entry: Entry) -> Result<Kept, LogError> {
        self.twin.reopen(seen, entry).await
    }
}
