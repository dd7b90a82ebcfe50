//! The life of an order: the only ways its status moves.
//!
//! Each command gives the order as it is afterwards, or `None` where it was done before: a repetition changes nothing.

use contracts::{Id, Order, OrderStatus, Payment, RefundProgress, Shipment};

use super::{Act, OrderError};

/// A status that can say no.
trait Moves: Sized {
    fn become_(self, next: Self) -> Result<Self, OrderError>;
}

impl Moves for OrderStatus {
    fn become_(self, next: Self) -> Result<Self, OrderError> {
        match (self, next) {
            (Self::Pending, Self::Confirmed | Self::Cancelled)
            | (Self::Confirmed, Self::Shipped | Self::Cancelled)
            | (Self::Shipped, Self::Delivered) => Ok(next),
            (Self::Cancelled, Self::Pending | Self::Confirmed | Self::Shipped | Self::Delivered) => {
                Err(OrderError::OrderCancelled)
            }
            (Self::Pending, Self::Pending | Self::Shipped | Self::Delivered)
            | (Self::Confirmed, Self::Pending | Self::Confirmed | Self::Delivered)
            | (Self::Shipped, Self::Pending | Self::Confirmed | Self::Shipped | Self::Cancelled)
            | (Self::Delivered, Self::Pending | Self::Confirmed | Self::Shipped | Self::Delivered | Self::Cancelled)
            | (Self::Cancelled, Self::Cancelled) => Err(OrderError::IllegalTransition { from: self, to: next }),
        }
    }
}

/// Paid. A confirmation that is repeated finds its payment there, even when the order has moved on.
pub(crate) fn confirm(order: &Order, payment: Id<Payment>, act: &Act) -> Result<Option<Order>, OrderError> {
    match order.payment_id {
        Some(known) if known == payment => return Ok(None),
        Some(_other) if order.status != OrderStatus::Cancelled => return Err(OrderError::PaidOtherwise),
        Some(_) | None => {}
    }
    let mut confirmed = moved(order, OrderStatus::Confirmed, act, Some(format!("paid by payment {payment}")))?;
    confirmed.payment_id = Some(payment);
    Ok(Some(confirmed))
}

/// Given up. The money of a paid order is to go back.
pub(crate) fn cancel(order: &Order, reason: Option<String>, act: &Act) -> Result<Option<Order>, OrderError> {
    if order.status == OrderStatus::Cancelled {
        return Ok(None);
    }
    let mut cancelled = moved(order, OrderStatus::Cancelled, act, reason.clone())?;
    cancelled.cancel_reason = reason;
    cancelled.refund = match (order.status, order.refund) {
        (OrderStatus::Confirmed, RefundProgress::None | RefundProgress::Partial) => RefundProgress::Requested,
        (_, refund) => refund,
    };
    Ok(Some(cancelled))
}

/// On its way.
pub(crate) fn ship(order: &Order, shipment: &Shipment, act: &Act) -> Result<Option<Order>, OrderError> {
    match &order.shipment {
        Some(known) if known == shipment => return Ok(None),
        Some(_other) => return Err(OrderError::ShippedOtherwise),
        None => {}
    }
    let mut shipped = moved(order, OrderStatus::Shipped, act, None)?;
    shipped.shipment = Some(shipment.clone());
    Ok(Some(shipped))
}

/// Arrived.
pub(crate) fn deliver(order: &Order, act: &Act) -> Result<Option<Order>, OrderError> {
    if order.status == OrderStatus::Delivered {
        return Ok(None);
    }
    moved(order, OrderStatus::Delivered, act, None).map(Some)
}

fn moved(order: &Order, to: OrderStatus, act: &Act, reason: Option<String>) -> Result<Order, OrderError> {
    let status = order.status.become_(to)?;
    let mut moved = order.clone();
    moved.status = status;
    moved.history.push(act.entry(status, reason));
    moved.updated_at = act.at;
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use chassis::Clock;
    use contracts::{Currency, Money};
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone, Copy)]
    enum Command {
        Confirm(usize),
        Cancel,
        Ship(usize),
        Deliver,
    }

    /// What an order is to the outside, and the plainest thing that could keep it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Model {
        status: OrderStatus,
        payment: Option<usize>,
        shipment: Option<usize>,
    }

    impl Model {
        /// What the command makes of it; `None` where it must be refused.
        fn after(self, command: Command) -> Option<Self> {
            use OrderStatus::{Cancelled, Confirmed, Delivered, Pending, Shipped};
            match (command, self.status) {
                (Command::Confirm(n), _) if self.payment == Some(n) => Some(self),
                (Command::Confirm(n), Pending) => Some(Self { status: Confirmed, payment: Some(n), ..self }),
                (Command::Cancel, Pending | Confirmed | Cancelled) => Some(Self { status: Cancelled, ..self }),
                (Command::Ship(n), _) if self.shipment == Some(n) => Some(self),
                (Command::Ship(n), Confirmed) => Some(Self { status: Shipped, shipment: Some(n), ..self }),
                (Command::Deliver, Shipped | Delivered) => Some(Self { status: Delivered, ..self }),
                _ => None,
            }
        }
    }

    fn command() -> impl Strategy<Value = Command> {
        prop_oneof![
            (0..2_usize).prop_map(Command::Confirm),
            Just(Command::Cancel),
            (0..2_usize).prop_map(Command::Ship),
            Just(Command::Deliver),
        ]
    }

    fn act() -> Act {
        Act { by: "client:test".to_owned(), at: Clock::real().now() }
    }

    fn pending() -> Order {
        let at = Clock::real().now();
        Order {
            id: Id::mint(),
            customer_id: Id::mint(),
            status: OrderStatus::Pending,
            items: Vec::new(),
            total: Money::zero(Currency::EUR),
            shipping_address: None,
            payment_id: None,
            refund: RefundProgress::None,
            cancel_reason: None,
            shipment: None,
            history: vec![act().entry(OrderStatus::Pending, None)],
            created_at: at,
            updated_at: at,
        }
    }

    fn shipment(n: usize) -> Shipment {
        Shipment { carrier: Some(format!("carrier {n}")), tracking_number: None }
    }

    proptest! {
        #[test]
        fn any_commands_in_any_order_lead_where_the_model_goes(
            commands in proptest::collection::vec(command(), 0..12)
        ) {
            let payments = [Id::mint(), Id::mint()];
            let mut order = pending();
            let mut model = Model { status: OrderStatus::Pending, payment: None, shipment: None };
            for command in commands {
                let done = match command {
                    Command::Confirm(n) => confirm(&order, payments[n], &act()),
                    Command::Cancel => cancel(&order, Some("because".to_owned()), &act()),
                    Command::Ship(n) => ship(&order, &shipment(n), &act()),
                    Command::Deliver => deliver(&order, &act()),
                };
                let expected = model.after(command);
                prop_assert_eq!(done.is_ok(), expected.is_some(), "{:?} from {:?}", command, model);
                let changed = done.ok().flatten();
                prop_assert_eq!(changed.is_some(), expected.is_some_and(|after| after != model));
                order = changed.unwrap_or(order);
                model = expected.unwrap_or(model);
                prop_assert_eq!(order.status, model.status);
                prop_assert_eq!(order.payment_id, model.payment.map(|n| payments[n]));
                prop_assert_eq!(order.shipment.clone(), model.shipment.map(shipment));
                prop_assert_eq!(order.history.last().map(|entry| entry.status), Some(order.status));
                let owed = order.status == OrderStatus::Cancelled && order.payment_id.is_some();
                prop_assert_eq!(order.refund == RefundProgress::Requested, owed);
            }
        }
    }
}
