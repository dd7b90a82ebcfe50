//! `payment.refunded`: the order notes how much of its money is back.

use chassis::bus::{Incoming, Verdict};
use contracts::{Event, Payment};

use crate::{Recorded, Store};

pub(super) const KIND: &str = "payment.refunded";

pub(super) async fn handle(store: &Store, message: &Incoming) -> Verdict {
    let event: Event<Payment> = match message.event() {
        Ok(event) => event,
        Err(poison) => return poison,
    };
    match store.record_refund(event.data.order_id, event.data.refunded, event.id).await {
        Ok(Recorded::Now | Recorded::Before | Recorded::NothingNew) => Verdict::Done,
        Ok(Recorded::NoOrder) => Verdict::Poison(format!("there is no order {}", event.data.order_id)),
        Err(error) => Verdict::Later(error.into()),
    }
}
