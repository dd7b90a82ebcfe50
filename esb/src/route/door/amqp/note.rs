//! What is noted of a message that came by AMQP, for operators.

use std::time::Duration;

use bytes::Bytes;
use chassis::{Clock, Context};
use lapin::BasicProperties;
use lapin::types::ShortString;

use crate::endpoint::amqp_in::Reply;
use crate::messages::{Door, Load, Messages, Outcome, Passed, holds_credentials};
use crate::route::file::Format;
use crate::route::pipeline::Ready;

/// The note, as far as it is written.
pub(super) struct Note {
    passed: Passed,
    bodies: Bodies,
}

impl Note {
    /// Of a message that has come.
    pub(super) fn of(
        ready: &Ready,
        (properties, body): (&BasicProperties, &[u8]),
        context: &Context,
        unnamed: &str,
    ) -> Self {
        let path = ready.operation.as_ref().map(|operation| operation.path.to_string());
        // As for HTTP: where credentials go in or out, bodies are nobody's business.
        let private = ready.route.format == Format::Any || path.is_some_and(|path| holds_credentials(&path));
        let bodies = if private { Bodies::Private } else { Bodies::Open };
        let client = properties.user_id().as_ref().map_or(unnamed, ShortString::as_str);
        let passed = Passed {
            at: Clock::real().now(),
            route: ready.route.name.clone(),
            door: Door::Amqp,
            operation: ready.route.from.amqp.clone().unwrap_or_default(),
            status: None,
            outcome: Outcome::Failed,
            elapsed: Duration::ZERO,
            request_id: context.request_id.clone(),
            trace_id: context.trace_id.clone(),
            caller: (!client.is_empty()).then(|| format!("client:{client}")),
            request: bodies.load(body),
            answer: Load::of_size(Some(0)),
        };
        Self { passed, bodies }
    }

    /// What was answered, whether its sender wants to know or not.
    pub(super) fn answered(&mut self, reply: &Reply) {
        self.passed.status = Some(reply.status);
        self.passed.answer = self.bodies.load(&reply.body);
    }

    /// What it came to, as far as the note tells.
    pub(super) fn outcome(&self, told: &str) -> Outcome {
        match told {
            "answered" => Outcome::of_status(self.passed.status.unwrap_or(500)),
            "retried" => Outcome::Retried,
            "dead-lettered" => Outcome::DeadLettered,
            _ => Outcome::Failed,
        }
    }

    /// Puts it away.
    pub(super) fn keep(mut self, messages: &Messages, outcome: Outcome, elapsed: Duration) {
        (self.passed.outcome, self.passed.elapsed) = (outcome, elapsed);
        messages.record(self.passed);
    }
}

/// Whether bodies may be looked at.
#[derive(Clone, Copy)]
enum Bodies {
    Open,
    Private,
}

impl Bodies {
    fn load(self, body: &[u8]) -> Load {
        match self {
            Self::Open => Load::whole(Bytes::copy_from_slice(body)),
            Self::Private => Load::of_size(u64::try_from(body.len()).ok()),
        }
    }
}
