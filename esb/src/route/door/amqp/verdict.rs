//! What an answer means for the message that asked for it.

use bytes::Bytes;
use chassis::Failure;
use contracts::Problem;

use crate::endpoint::amqp_in::{Reason, Reply};
use crate::endpoint::http_out::gather;
use crate::endpoint::message::{Answer, Content};
use crate::policy::Media;
use crate::route::file::Target;
use crate::route::mediation::{is_problem, problem};

/// The largest answer that fits a message.
const REPLY_MAX: usize = 8 << 20;

/// What was answered, read.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) reply: Reply,
    /// Why it was no success, for people.
    pub(super) detail: String,
    /// The problem's name.
    code: String,
    origin: Origin,
}

/// Who has spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The target.
    Target,
    /// We, before the target was reached, or since it was silent.
    Door,
    /// We, and we know why at once.
    Known(Reason),
}

/// What is to become of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is done: its sender is told.
    Answered,
    /// It can never be done.
    Refused(Reason),
    /// It may be done later.
    Again(Counts),
}

/// Whether a try is one of those that are not endless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Yes,
    /// It has worked, and is not done yet.
    No,
}

/// A message that is refused before it is a request.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) reason: Option<Reason>,
    pub(super) failure: Failure,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { reason: None, failure }
    }
}

impl From<Refusal> for Told {
    fn from(refusal: Refusal) -> Self {
        let Problem { status, .. } = refusal.failure.problem();
        let body = serde_json::to_vec(&refusal.failure.problem()).unwrap_or_default();
        let origin = refusal.reason.map_or(Origin::Door, Origin::Known);
        Self::new((status, "application/problem+json".to_owned()), body.into(), origin)
    }
}

impl Told {
    /// What the target has answered, to its end.
    pub(super) async fn by(answer: Answer) -> Result<Self, Refusal> {
        let status = answer.status.as_u16();
        let content_type = answer.headers.get(::http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let body = match answer.content {
            Content::Whole(body) => body,
            Content::Streaming(response) => gather(response, REPLY_MAX).await?,
            Content::Withheld(_) => Bytes::new(),
        };
        Ok(Self::new((status, content_type), body, Origin::Target))
    }

    fn new((status, content_type): (u16, String), body: Bytes, origin: Origin) -> Self {
        let problem = (status >= 400).then(|| serde_json::from_slice::<Problem>(&body).ok()).flatten();
        let (code, detail) = problem.map_or_else(
            || (String::new(), format!("the answer was {status}")),
            |problem| (problem.name().to_owned(), problem.detail),
        );
        Self { reply: Reply { status, content_type, body }, detail, code, origin }
    }

    /// The same; where it is a problem of ours, in this format.
    pub(super) fn problem_in(mut self, media: Media) -> Self {
        if media.is_xml()
            && is_problem(&self.reply.content_type)
            && let Ok(xml) = problem(&self.reply.body)
        {
            self.reply.body = xml;
            media.problem_type().clone_into(&mut self.reply.content_type);
        }
        self
    }

    /// The same, to nobody.
    pub(super) fn unheard(self) -> Self {
        let detail = format!("the answer was {}, and its sender's queue did not take it", self.status());
        Self { detail, ..self }
    }

    pub(super) const fn status(&self) -> u16 {
        self.reply.status
    }

    /// Of a message that was for `target`.
    pub(super) fn verdict(&self, target: &Target) -> Verdict {
        let saga = matches!(target, Target::Saga(_));
        // How a saga has ended is final, whatever it says.
        let ended = saga && self.origin == Origin::Target;
        match (self.origin, self.reply.status, self.code.as_str()) {
            (Origin::Known(reason), _, _) => Verdict::Refused(reason),
            (_, 202, _) | (_, 409, "request-in-progress") if saga => Verdict::Again(Counts::No),
            (_, 409, "request-in-progress") => Verdict::Again(Counts::Yes),
            (_, 422, "idempotency-mismatch") => Verdict::Refused(Reason::IdempotencyMismatch),
            (_, 401 | 403, _) => Verdict::Refused(Reason::Forbidden),
            (_, 400 | 405 | 406 | 413 | 414 | 415 | 422 | 431, _) => Verdict::Refused(Reason::SchemaViolation),
            (_, 408 | 429 | 500.., _) if !ended => Verdict::Again(Counts::Yes),
            _ => Verdict::Answered,
        }
    }
}
