//! `order.cancelled`: what was taken for the order is given back.

use chassis::bus::{Incoming, Verdict};
use contracts::{Event, Order};

use crate::cashier::Cashier;
use crate::domain::Reason;

pub(super) const KIND: &str = "order.cancelled";

pub(super) async fn handle(cashier: &Cashier, message: &Incoming) -> Verdict {
    let event: Event<Order> = match message.event() {
        Ok(event) => event,
        Err(poison) => return poison,
    };
    let why = event
        .data
        .cancel_reason
        .as_deref()
        .map_or_else(|| "the order was cancelled".to_owned(), |why| format!("the order was cancelled: {why}"));
    let reason = match Reason::parse(&why.chars().take(500).collect::<String>()) {
        Ok(reason) => reason,
        Err(error) => return Verdict::Poison(error.detail),
    };
    match cashier.refund_order(event.data.id, &reason, event.id).await {
        Ok(refunds) => {
            tracing::info!(order.id = %event.data.id, "{} refunds for cancelled order {}", refunds.len(), event.data.id);
            Verdict::Done
        }
        Err(error) => Verdict::Later(error.into()),
    }
}
