//! What event streams need: a place, what they show, and when they end.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use bytes::Bytes;
use chassis::auth::Caller;
use chassis::{Clock, Failure, Tasks};

use crate::endpoint::order_events::{LastSeen, Watching};
use crate::endpoint::services::Services;
use crate::endpoint::sse_out::{Ends, Seats, Sent};
use crate::policy::{Limit, Networks};
use crate::store::order_events::Event;

const LAST_EVENT_ID: &str = "last-event-id";

/// What event streams need.
pub struct Streaming {
    /// How many there may be.
    pub seats: Seats,
    /// What happens to orders.
    pub orders: Watching,
    /// Who knows whose an order is.
    pub services: Services,
    /// How often one may be opened.
    pub limit: Arc<Limit>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted: Networks,
    /// They end with the process.
    pub tasks: Tasks,
    /// They end with the caller's token.
    pub clock: Clock,
}

impl Streaming {
    pub(super) fn count(&self, caller: &Caller, request: &HttpRequest) -> Result<(), Failure> {
        let address = self.trusted.origin(request).map(|origin| origin.client);
        address.map_or(Ok(()), |address| self.limit.count(Some(caller.subject()), address).1)
    }

    pub(super) fn ends(&self, caller: &Caller) -> Ends {
        let now = u64::try_from(self.clock.now().timestamp()).unwrap_or(0);
        Ends { tasks: self.tasks.clone(), within: Duration::from_secs(caller.expires_at().saturating_sub(now)) }
    }
}

/// The event that a reader names as its last; `None` where it names none.
pub(super) fn last_seen(request: &HttpRequest) -> Option<LastSeen> {
    let named = request.headers().get(LAST_EVENT_ID)?;
    Some(named.to_str().ok().and_then(|id| id.trim().parse().ok()))
}

/// Events as they stand on the wire.
pub(super) fn frames(events: &[Event]) -> Bytes {
    let mut text = String::new();
    for event in events {
        Sent { id: Some(&event.id.to_string()), name: &event.kind, data: &event.body }.write(&mut text);
    }
    text.into()
}
