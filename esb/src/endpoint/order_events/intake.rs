//! Off the bus, into the store: in order, by one instance at a time.

use std::sync::Arc;

use chassis::Clock;
use chassis::bus::{Binding, Bus, DOMAIN_EVENTS, Delivered, Intake, Queue, Topology, Verdict};
use contracts::Event;
use lapin::types::AMQPValue;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::{OrderEvents, Watching};
use crate::store::order_events::Arrived;

/// Where they wait to be taken in.
pub(super) const QUEUE: &str = "esb.order-events";
/// How many events share one commit at most.
const AT_ONCE: u16 = 200;

/// Where events come in.
pub(super) struct Desk {
    pub(super) store: OrderEvents,
    pub(super) watching: Watching,
    pub(super) clock: Clock,
}

pub(super) fn topology() -> Topology {
    // One consumer at a time, or two instances could write the events of one order in the wrong order.
    let queue = Queue::quorum(QUEUE).with("x-single-active-consumer", AMQPValue::Boolean(true)).with_dead_letters();
    let binding = Binding { queue: QUEUE.to_owned(), exchange: DOMAIN_EVENTS.to_owned(), key: "order.*".to_owned() };
    Topology { exchanges: Vec::new(), queues: vec![queue], bindings: vec![binding] }
}

pub(super) fn start(bus: &Bus, desk: Arc<Desk>) {
    let intake = Intake { queue: QUEUE.to_owned(), at_once: AT_ONCE };
    bus.take_in_order(intake, move |delivered| {
        let desk = Arc::clone(&desk);
        async move { desk.take(delivered).await }
    });
}

impl Desk {
    async fn take(&self, delivered: Vec<Delivered>) -> Vec<Verdict> {
        let read = delivered.iter().map(read).collect::<Vec<_>>();
        let good = read.iter().filter_map(|event| event.as_ref().ok().cloned()).collect::<Vec<_>>();
        let kept = self.store.keep(good, self.clock.now()).await;
        if kept.is_ok() {
            self.watching.look_now();
        }
        let why = kept.err().map(|error| chassis::fault::chain(&error));
        let verdict = |event: Result<Arrived, String>| match (event, &why) {
            (Err(poison), _) => Verdict::Poison(poison),
            (Ok(_), None) => Verdict::Done,
            (Ok(_), Some(why)) => Verdict::Later(why.as_str().into()),
        };
        read.into_iter().map(verdict).collect()
    }
}

fn read(delivered: &Delivered) -> Result<Arrived, String> {
    let event: Event<IgnoredAny> =
        serde_json::from_slice(&delivered.body).map_err(|error| format!("`{}`: {error}", delivered.key))?;
    let order: Uuid = event.subject.parse().map_err(|_other| format!("`{}`: no order's id", event.subject))?;
    let body = std::str::from_utf8(&delivered.body).map_err(|error| error.to_string())?;
    // Between the tokens of JSON a line break is as good as a space, and within a string there is none.
    let body = body.replace(['\r', '\n'], " ");
    if body.contains('\0') || event.kind.contains('\0') {
        return Err("a null character".to_owned());
    }
    Ok(Arrived { id: event.id, order, kind: event.kind, body })
}
