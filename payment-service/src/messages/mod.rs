//! Events of other services that this one acts on: a file each.

mod order_cancelled;

use std::sync::Arc;

use chassis::Tasks;
use chassis::bus::{Bus, Subscription, relay};

use crate::cashier::Cashier;

const FROM_ORDERS: Subscription =
    Subscription { queue: "payment-service.order-events", events: &[order_cancelled::KIND] };

/// Tells what has happened here, and listens to what has happened elsewhere.
pub(crate) fn start(bus: &Bus, cashier: &Cashier, tasks: &Tasks) {
    relay(Arc::new(cashier.payments().clone()), bus.clone(), tasks);
    let cashier = cashier.clone();
    bus.consume(FROM_ORDERS, move |message| {
        let cashier = cashier.clone();
        async move { order_cancelled::handle(&cashier, &message).await }
    });
}
