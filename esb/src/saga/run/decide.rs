//! The decision table: where a step stands, what it answered, and what follows. All branching of a saga is here.

use chrono::{DateTime, Utc};
use contracts::Problem;
use serde_json::value::RawValue;

use crate::saga::StepError;

/// Where the step at hand stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::saga) enum Place {
    /// On the way to the pivot.
    Before,
    /// It is the pivot.
    Pivot,
    /// Past the point of no return.
    After,
    /// It is being taken back.
    Back,
}

/// The step at hand.
#[derive(Debug, Clone, Copy)]
pub(in crate::saga) struct Stand {
    pub(in crate::saga) place: Place,
    /// How often it was asked, this time included.
    pub(in crate::saga) attempts: u32,
    pub(in crate::saga) attempts_max: u32,
    pub(in crate::saga) deadline: DateTime<Utc>,
}

/// What the step said.
#[derive(Debug)]
pub(in crate::saga) enum Answer {
    Done(Option<Box<RawValue>>),
    Refused(Box<Problem>),
    Silent(String),
}

/// What follows.
#[derive(Debug)]
pub(in crate::saga) enum Verdict {
    /// The step is done, or taken back: on to the next.
    Onward(Option<Box<RawValue>>),
    /// Take back this step and all before it.
    TurnBack(Turn),
    /// Ask again under the same ids, after a pause.
    Again(String),
    /// A person must look.
    Stuck(String),
}

/// Why a saga turns back.
#[derive(Debug)]
pub(in crate::saga) enum Turn {
    /// The step said no.
    Refused(Box<Problem>),
    /// It never said anything clear, for this reason.
    Overdue(String),
}

/// The table.
pub(in crate::saga) fn decide(stand: &Stand, answer: Answer, now: DateTime<Utc>) -> Verdict {
    let overdue = now >= stand.deadline;
    let spent = stand.attempts >= stand.attempts_max;
    match (stand.place, answer) {
        (_, Answer::Done(receipt)) => Verdict::Onward(receipt),
        (Place::Before | Place::Pivot, Answer::Refused(problem)) => Verdict::TurnBack(Turn::Refused(problem)),
        (Place::After | Place::Back, Answer::Refused(problem)) => Verdict::Stuck(problem.detail),
        (Place::Before, Answer::Silent(reason)) if overdue => Verdict::TurnBack(Turn::Overdue(reason)),
        (Place::Pivot | Place::After, Answer::Silent(reason)) if spent && overdue => Verdict::Stuck(reason),
        (Place::Back, Answer::Silent(reason)) if spent => Verdict::Stuck(reason),
        (_, Answer::Silent(reason)) => Verdict::Again(reason),
    }
}

impl From<StepError> for Answer {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Refused(problem) => Self::Refused(problem),
            StepError::Unclear(reason) => Self::Silent(reason),
        }
    }
}

impl Turn {
    /// What the caller is told.
    pub(in crate::saga) fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) => *problem,
            Self::Overdue(_) => Problem::new(
                "saga-overdue",
                504,
                "Not settled in time",
                "a service gave no clear answer in time; everything that may have been done is taken back",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const EARLY: TimeDelta = TimeDelta::minutes(59);
    const LATE: TimeDelta = TimeDelta::hours(1);
    const PLACES: [Place; 4] = [Place::Before, Place::Pivot, Place::After, Place::Back];

    fn verdict(place: Place, attempts: u32, after: TimeDelta, answer: Answer) -> &'static str {
        let deadline = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        match decide(&Stand { place, attempts, attempts_max: 3, deadline }, answer, DateTime::UNIX_EPOCH + after) {
            Verdict::Onward(_) => "onward",
            Verdict::TurnBack(_) => "back",
            Verdict::Again(_) => "again",
            Verdict::Stuck(_) => "stuck",
        }
    }

    fn refused() -> Answer {
        Answer::Refused(Box::new(Problem::new("no", 409, "No", "no")))
    }

    #[test]
    fn a_done_step_always_leads_on() {
        assert!(PLACES.iter().all(|place| verdict(*place, 9, LATE, Answer::Done(None)) == "onward"));
    }

    #[test]
    fn a_refusal_turns_back_up_to_the_pivot_and_needs_a_person_elsewhere() {
        let verdicts = PLACES.map(|place| verdict(place, 1, EARLY, refused()));
        assert_eq!(verdicts, ["back", "back", "stuck", "stuck"]);
    }

    #[test]
    fn silence_is_asked_again_and_never_turns_back_at_the_pivot() {
        let silent = || Answer::Silent("?".to_owned());
        let at = |attempts, after| PLACES.map(|place| verdict(place, attempts, after, silent()));
        assert_eq!(at(1, EARLY), ["again", "again", "again", "again"]);
        assert_eq!(at(3, EARLY), ["again", "again", "again", "stuck"]);
        assert_eq!(at(1, LATE), ["back", "again", "again", "again"]);
        assert_eq!(at(3, LATE), ["back", "stuck", "stuck", "stuck"]);
    }
}
