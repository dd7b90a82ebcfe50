//! Asks a step: to be done, or to be taken back.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::{Duration, Instant};

use chassis::Span;
use chassis::trace::SpanKind;
use futures_util::FutureExt;

use super::Run;
use super::decide::Answer;
use crate::saga::journal::Todo;

/// A step that takes longer is written down as under way, for those who look.
const NOTE_AFTER: Duration = Duration::from_millis(100);

impl Run {
    /// A panic and too long a silence are unclear answers.
    pub(super) async fn ask(&self, todo: Todo, step: usize) -> Answer {
        let started = Instant::now();
        let call = async {
            match todo {
                Todo::Undo(step) => self.case.undo(step, &self.journal).await.map(|()| None),
                _ => self.case.run(step, &self.journal).await.map(Some),
            }
        };
        let limit = Duration::from_millis(self.ground.settings.step_timeout_ms);
        let name = self.step_name(step);
        let mut span = self.span(todo, name);
        let noted = self.noted(step, AssertUnwindSafe(call).catch_unwind());
        let answered = span.within(self.ground.timer.within(limit, noted)).await;
        metrics::histogram!("esb_saga_step_seconds", "plan" => self.plan, "step" => name).record(started.elapsed());
        let answer = match answered {
            Some(Ok(Ok(receipt))) => Answer::Done(receipt),
            Some(Ok(Err(error))) => error.into(),
            Some(Err(_panic)) => Answer::Silent("the step panicked".to_owned()),
            None => Answer::Silent(format!("no answer within {} ms", limit.as_millis())),
        };
        match &answer {
            Answer::Done(_) => {}
            Answer::Refused(problem) => span.fail(&problem.detail),
            Answer::Silent(why) => span.fail(why),
        }
        answer
    }

    fn span(&self, todo: Todo, name: &'static str) -> Span {
        let what = if matches!(todo, Todo::Undo(_)) { "undo" } else { "step" };
        let mut span = Span::begin(SpanKind::Internal, "");
        span.rename(|| format!("{what} {name}"));
        span.set_with("saga.id", || self.id.to_string());
        span
    }

    async fn noted<F: Future>(&self, step: usize, call: F) -> F::Output {
        let mut call = pin!(call);
        if let Some(answer) = self.ground.timer.within(NOTE_AFTER, &mut call).await {
            return answer;
        }
        self.ground.log.note(self.entry(self.keep(step)));
        call.await
    }
}
