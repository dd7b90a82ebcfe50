//! Placing an order: the plan, and what it is about.

mod answers;
mod check_customer;
mod confirm_order;
mod create_order;
mod request;
mod rules;
mod take_payment;

use contracts::{Id, Order, Payment, PlaceOrder, PlacedOrder};
use serde::{Deserialize, Serialize};

use self::check_customer::CheckCustomer;
use self::confirm_order::ConfirmOrder;
use self::create_order::CreateOrder;
use self::take_payment::TakePayment;
use super::{Committed, Plan};
use crate::endpoint::services::Services;

pub(crate) use check_customer::no_such_customer;
pub use rules::mistakes;

/// The plan's name.
pub const NAME: &str = "place-order";

/// An order as it was placed, with the ids of all that it will create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placing {
    /// What the caller sent.
    pub request: PlaceOrder,
    /// Of the order.
    pub order_id: Id<Order>,
    /// Of its payment.
    pub payment_id: Id<Payment>,
    /// `customer:<id>`, `operator:<id>` or `client:<name>`.
    pub placed_by: String,
}

impl Placing {
    /// With new ids.
    pub fn new(request: PlaceOrder, placed_by: String) -> Self {
        Self { request, order_id: Id::mint(), payment_id: Id::mint(), placed_by }
    }
}

/// The steps, in order. To add one, write its file and name it here.
pub fn plan(services: &Services) -> Plan<Placing, Committed> {
    Plan::named(NAME)
        .step(CheckCustomer(services.clone()))
        .step(CreateOrder(services.clone()))
        .step(TakePayment(services.clone())) // undo: void or refund, by id
        .pivot(ConfirmOrder(services.clone()))
        .answer(|_: &Placing, journal| {
            let order = journal.receipt::<_, ConfirmOrder>()?;
            Some(PlacedOrder { order, payment: journal.receipt::<_, TakePayment>()? })
        })
}
