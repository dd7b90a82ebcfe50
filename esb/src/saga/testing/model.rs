//! A plan like any other, in a world that keeps books: three steps, a pivot, and something after it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use contracts::{Id, Problem};
use serde::{Deserialize, Serialize};

use super::{World, saga_properties};
use crate::saga::{Committed, Journal, NewSaga, Plan, Plans, Retriable, Step, StepError, Undo};

saga_properties!(Books::default);

/// What was done, by the id that the input fixed; what was taken back is never done again.
#[derive(Clone, Default)]
struct Books(Arc<Mutex<Pages>>);

#[derive(Default)]
struct Pages {
    kept: BTreeSet<&'static str>,
    taken_back: BTreeSet<&'static str>,
    entries: BTreeMap<&'static str, u32>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Number(u32);

struct Look(Books);
struct Reserve(Books);
struct Charge(Books);
struct Confirm(Books);
struct Tell(Books);

impl Books {
    fn keep(&self, step: &'static str) -> Result<(), StepError> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.taken_back.contains(step) {
            return Err(StepError::refused(Problem::new("too-late", 409, "Too late", "it was taken back")));
        }
        if pages.kept.insert(step) {
            *pages.entries.entry(step).or_default() += 1;
        }
        Ok(())
    }

    fn take_back(&self, step: &'static str) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.kept.remove(step);
        pages.taken_back.insert(step);
    }
}

impl World for Books {
    fn plans(&self) -> Plans {
        let plan: Plan<Number, Committed> = Plan::named("model")
            .step(Look(self.clone()))
            .step(Reserve(self.clone()))
            .step(Charge(self.clone()))
            .pivot(Confirm(self.clone()))
            .then(Tell(self.clone()));
        Plans::default().with(plan)
    }

    fn saga(&self) -> NewSaga {
        NewSaga::new("model", Id::<Books>::mint().uuid(), &Number(7)).unwrap()
    }

    fn is_done(&self) -> bool {
        let pages = self.0.lock().unwrap();
        let all = BTreeMap::from([("reserve", 1), ("charge", 1), ("confirm", 1), ("tell", 1)]);
        pages.entries == all && pages.kept.len() == all.len()
    }

    fn is_clean(&self) -> bool {
        self.0.lock().unwrap().kept.is_empty()
    }
}

/// Reads only.
impl Step<Number> for Look {
    type Receipt = u32;
    const NAME: &'static str = "look";

    async fn run(&self, input: &Number, _: &Journal) -> Result<u32, StepError> {
        let stands = self.0.0.lock().unwrap().taken_back.is_empty();
        if stands { Ok(input.0) } else { Err(StepError::unclear("someone is tidying up")) }
    }
}

impl Undo<Number> for Look {
    async fn undo(&self, _: &Number, _: &Journal) -> Result<(), StepError> {
        Ok(())
    }
}

impl Step<Number> for Reserve {
    type Receipt = u32;
    const NAME: &'static str = "reserve";

    async fn run(&self, _: &Number, journal: &Journal) -> Result<u32, StepError> {
        let seen = journal.receipt::<_, Look>().ok_or_else(|| StepError::unclear("no receipt"))?;
        self.0.keep(Self::NAME)?;
        Ok(seen + 1)
    }
}

impl Undo<Number> for Reserve {
    async fn undo(&self, _: &Number, _: &Journal) -> Result<(), StepError> {
        self.0.take_back(Self::NAME);
        Ok(())
    }
}

impl Step<Number> for Charge {
    type Receipt = ();
    const NAME: &'static str = "charge";

    async fn run(&self, _: &Number, journal: &Journal) -> Result<(), StepError> {
        assert_eq!(journal.receipt::<_, Reserve>(), Some(8));
        self.0.keep(Self::NAME)
    }
}

impl Undo<Number> for Charge {
    async fn undo(&self, _: &Number, _: &Journal) -> Result<(), StepError> {
        self.0.take_back(Self::NAME);
        Ok(())
    }
}

impl Step<Number> for Confirm {
    type Receipt = String;
    const NAME: &'static str = "confirm";

    async fn run(&self, _: &Number, journal: &Journal) -> Result<String, StepError> {
        assert!(journal.receipt::<_, Charge>().is_some());
        self.0.keep(Self::NAME)?;
        Ok("confirmed".to_owned())
    }
}

impl Step<Number> for Tell {
    type Receipt = ();
    const NAME: &'static str = "tell";

    async fn run(&self, _: &Number, journal: &Journal) -> Result<(), StepError> {
        assert_eq!(journal.receipt::<_, Confirm>().as_deref(), Some("confirmed"));
        self.0.keep(Self::NAME)
    }
}

impl Retriable<Number> for Tell {}
