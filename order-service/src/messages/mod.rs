//! Events of other services that this one acts on: a file each.

mod payment_refunded;

use std::sync::Arc;

use chassis::Tasks;
use chassis::bus::{Bus, Subscription, relay};

use crate::Store;

const FROM_PAYMENTS: Subscription =
    Subscription { queue: "order-service.payment-events", events: &[payment_refunded::KIND] };

/// Tells what has happened here, and listens to what has happened elsewhere.
pub(crate) fn start(bus: &Bus, store: &Store, tasks: &Tasks) {
    relay(Arc::new(store.clone()), bus.clone(), tasks);
    let store = store.clone();
    bus.consume(FROM_PAYMENTS, move |message| {
        let store = store.clone();
        async move { payment_refunded::handle(&store, &message).await }
    });
}
