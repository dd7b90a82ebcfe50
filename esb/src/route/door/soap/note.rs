//! What is noted of a call, for operators: the documents as JSON, where secrets are known by their names. Of the envelope
//! around them, which may hold credentials, nothing is kept.

use std::time::Instant;

use bytes::Bytes;
use chassis::{Clock, Context};

use crate::messages::{Door, Load, Messages, Outcome, Passed, holds_credentials, whole_us};
use crate::route::pipeline::Ready;

/// What is known of a call by the time it is answered.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) caller: Option<String>,
    /// The document that came.
    pub(super) request: Bytes,
    /// The document that went back.
    pub(super) answer: Bytes,
    began: Instant,
}

impl Note {
    /// Of a call that has just come.
    pub(super) fn begin() -> Self {
        Self { caller: None, request: Bytes::new(), answer: Bytes::new(), began: Instant::now() }
    }

    /// Puts it away.
    pub(super) fn keep(self, ready: &Ready, status: u16, messages: &Messages) {
        let elapsed = self.began.elapsed();
        ready.record(Door::Soap, status, elapsed);
        if !messages.is_on() {
            return;
        }
        // As for HTTP: where credentials go in or out, bodies are nobody's business.
        let path = ready.operation.as_ref().map(|operation| operation.path.to_string());
        let private = path.is_some_and(|path| holds_credentials(&path));
        let hidden = |document: &Bytes| Load::of_size(u64::try_from(document.len()).ok());
        let load = |document: Bytes| if private { hidden(&document) } else { Load::whole(document) };
        let context = Context::current().unwrap_or_else(Context::begin);
        messages.record(Passed {
            at: Clock::real().now() - whole_us(elapsed),
            route: ready.route.name.clone(),
            door: Door::Soap,
            operation: ready.route.from.soap.clone().unwrap_or_default(),
            status: Some(status),
            outcome: Outcome::of_status(status),
            elapsed,
            request_id: context.request_id,
            trace_id: context.trace_id,
            caller: self.caller,
            request: load(self.request),
            answer: load(self.answer),
        });
    }
}
