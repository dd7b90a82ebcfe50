//! The same command twice is one command: the second gets the first one's answer.
//!
//! The keys of orders are in the saga log; a command under such a key is refused. Not so an order under the key of another
//! command, or both at the very same time: placing an order is one write, and this is not worth a second look-up to it.
//! Each is done once all the same.

use std::time::Duration;

use ::http::header::HeaderName;
use chassis::{Clock, Failure, Kind};

use super::IdempotencyKey;
use super::secrecy::Secrecy;
use crate::store::{self, Answers, Claimed, Command, Kept, StoreError};

/// The header with the key.
pub const KEY_HEADER: &str = "idempotency-key";
/// Says that an answer is the first one's.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Headers that are part of an answer's meaning; the others are of its moment.
const WORTH_KEEPING: [&str; 5] = ["content-type", "location", "etag", "cache-control", "last-modified"];
/// Answers that say nothing was done: the caller may mend the request, or wait, and send it under the same key.
const PASSING: [u16; 9] = [400, 401, 403, 406, 408, 413, 415, 422, 429];

/// Commands and their answers.
#[derive(Clone)]
pub struct Replay {
    answers: Answers,
    clock: Clock,
    retention: Duration,
}

/// A command that somebody wants to do.
#[derive(Debug)]
pub struct Wish<'a> {
    /// Who.
    pub caller: String,
    /// Under which key.
    pub key: &'a IdempotencyKey,
    /// Path and query.
    pub target: &'a str,
    /// Of the request.
    pub digest: [u8; 32],
    /// How long it may take before another may try.
    pub lease: Duration,
}

/// The right to answer a command.
pub struct Ticket {
    claimed: store::Ticket,
    secrecy: Secrecy,
}

/// A whole answer.
pub type Answered = Kept;

/// What is to be done with a command.
pub enum Reserved {
    /// Do it, then [`Replay::settle`] it.
    Do(Ticket),
    /// This was its answer.
    Again(Answered),
}

impl Replay {
    /// Keeps answers for so long.
    pub const fn new(answers: Answers, clock: Clock, retention: Duration) -> Self {
        Self { answers, clock, retention }
    }

    /// Takes the command. 409 while another is at it, 422 where the key is another command's.
    pub async fn reserve(&self, wish: Wish<'_>) -> Result<Reserved, Failure> {
        let Wish { caller, key, target, digest, lease } = wish;
        let (key, at, retention) = (key.as_str().to_owned(), self.clock.now(), self.retention);
        let command = Command { caller, key, digest, at, lease, retention };
        match self.answers.claim(&command).await.map_err(|error| unavailable(&error))? {
            Claimed::Ours(claimed) => Ok(Reserved::Do(Ticket { claimed, secrecy: Secrecy::of(target) })),
            Claimed::Answered(answer) => Ok(Reserved::Again(answer)),
            Claimed::Running(_) => Err(in_progress()),
            Claimed::Mismatch => Err(mismatch()),
        }
    }

    /// Keeps the answer, or lets go of a command that was not done. Where the store fails, the caller is answered all
    /// the same: the lease runs out, and a repetition is sent to the service again, under the same key.
    pub async fn settle(&self, ticket: &Ticket, answer: Option<&Answered>) {
        let settled = match answer.filter(|answer| is_final(answer)) {
            Some(answer) => self.answers.keep(&ticket.claimed, &ticket.worth_keeping(answer)).await,
            None => self.answers.release(&ticket.claimed).await,
        };
        if let Err(error) = settled {
            tracing::warn!(error = %error, "an answer could not be kept under its key");
        }
    }

    /// Takes away what is older than it is kept.
    pub async fn purge(&self) -> Result<usize, StoreError> {
        self.answers.purge(self.clock.now()).await
    }
}

/// The caller has sent another request under this key.
pub fn mismatch() -> Failure {
    let detail = "this `Idempotency-Key` was used for another request: take a new one";
    Failure::new(Kind::Invalid, "idempotency-mismatch", detail)
}

/// The first is not done yet.
pub fn in_progress() -> Failure {
    let detail = "the first request with this `Idempotency-Key` is still under way: ask again in a moment";
    Failure::new(Kind::Conflict, "request-in-progress", detail).retry_after(Duration::from_secs(1))
}

/// The store is away.
pub fn unavailable(error: &StoreError) -> Failure {
    Failure::internal(Kind::Unavailable, "unavailable", error).retry_after(Duration::from_secs(1))
}

/// One that says when to come back is none.
fn is_final(answer: &Answered) -> bool {
    let later = answer.headers.iter().any(|(name, _)| name == "retry-after");
    answer.status < 500 && !PASSING.contains(&answer.status) && !later
}

impl Ticket {
    fn worth_keeping(&self, answer: &Answered) -> Kept {
        let kept = answer.headers.iter().filter(|(name, _)| WORTH_KEEPING.contains(&name.as_str()));
        Kept { status: answer.status, headers: kept.cloned().collect(), body: self.secrecy.kept(&answer.body) }
    }
}
