//! `GET /orders/{id}/placement`: what became of a placed order, for who placed it, and for operators.

use chassis::{Failure, Kind};
use contracts::{Id, Order, PlacedOrder, Placement, PlacementState};

use crate::endpoint::message::Answer;
use crate::route::pipeline::Passage;
use crate::saga::{Record, Settled};

/// Tells.
pub(in crate::route) async fn tell(passage: Passage<'_>) -> Result<Answer, Failure> {
    let order_id: Id<Order> = passage.value("id").parse().map_err(|_no_id| missing())?;
    let found = passage.bus.sagas.by_subject(order_id.uuid()).await;
    let found = found.map_err(|error| Failure::internal(Kind::Unavailable, "unavailable", &error))?;
    let record = found.filter(|record| passage.may_know(record)).ok_or_else(missing)?;
    Answer::json(200, &placement(order_id, &record)?)
}

impl Passage<'_> {
    fn may_know(&self, record: &Record) -> bool {
        let caller = self.caller.as_ref();
        caller.is_some_and(|caller| caller.is_operator() || caller.actor() == record.origin.caller)
    }
}

fn placement(order_id: Id<Order>, record: &Record) -> Result<Placement, Failure> {
    let mut placement =
        Placement { order_id, state: PlacementState::Running, order: None, payment: None, problem: None };
    match record.settled() {
        None => {}
        Some(Settled::Stuck(_)) => placement.state = PlacementState::Stuck,
        Some(Settled::Compensated(problem)) => {
            placement.state = PlacementState::Refused;
            placement.problem = Some(*problem);
        }
        Some(Settled::Completed(document)) => {
            let placed = serde_json::from_str::<PlacedOrder>(document.get());
            let placed = placed.map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
            placement.state = PlacementState::Confirmed;
            placement.order = Some(placed.order);
            placement.payment = Some(placed.payment);
        }
    }
    Ok(placement)
}

fn missing() -> Failure {
    Failure::new(Kind::Missing, "not-found", "you have not placed an order with this id")
}
