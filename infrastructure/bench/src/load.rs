//! A closed loop of callers, and how long each call took.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;

/// What a round of load came to.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    /// Calls that succeeded.
    pub(crate) done: usize,
    /// Calls that did not.
    pub(crate) failed: usize,
    /// What the first of those said.
    pub(crate) first_failure: Option<String>,
    /// From the first call to the last answer.
    pub(crate) elapsed: Duration,
    latencies: Vec<Duration>,
}

impl Round {
    /// Successful calls a second.
    #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "a count of calls is far below 2^52")]
    pub(crate) fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64()
    }

    /// The latency that `percent` of the calls kept below.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let place = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(place).copied().unwrap_or_default()
    }
}

/// Lets `callers` make `call` again and again for as long as `time`. A call is told who makes it and its number.
pub(crate) async fn closed_loop<F, Fut>(callers: usize, time: Duration, call: F) -> Result<Round>
where
    F: Fn(usize, usize) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<()>> + Send,
{
    let call = Arc::new(call);
    let began = Instant::now();
    let mut crowd = JoinSet::new();
    for caller in 0..callers {
        let call = Arc::clone(&call);
        crowd.spawn(async move { repeat(caller, began + time, call.as_ref()).await });
    }
    let mut round = Round { done: 0, failed: 0, first_failure: None, elapsed: time, latencies: Vec::new() };
    while let Some(part) = crowd.join_next().await {
        let (latencies, failures) = part?;
        round.done += latencies.len();
        round.failed += failures.len();
        round.first_failure = round.first_failure.or_else(|| failures.into_iter().next());
        round.latencies.extend(latencies);
    }
    round.elapsed = began.elapsed();
    round.latencies.sort_unstable();
    Ok(round)
}

async fn repeat<F, Fut>(caller: usize, until: Instant, call: &F) -> (Vec<Duration>, Vec<String>)
where
    F: Fn(usize, usize) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let (mut latencies, mut failures) = (Vec::new(), Vec::new());
    let mut number = 0;
    while Instant::now() < until {
        let began = Instant::now();
        match call(caller, number).await {
            Ok(()) => latencies.push(began.elapsed()),
            Err(error) => failures.push(format!("{error:#}")),
        }
        number += 1;
    }
    (latencies, failures)
}
