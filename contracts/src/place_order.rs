//! Placing an order: the request, its answer, and how to ask what became of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Customer, Id, Method, Money, Order, OrderLine, Payment, PostalAddress, Problem};

/// `POST /orders` of the ESB, and the message `order.place`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// Who orders.
    pub customer_id: Id<Customer>,
    /// What, 1 to 100 lines, each product once.
    pub items: Vec<OrderLine>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<PostalAddress>,
    /// How it is paid.
    pub payment: PaymentChoice,
    /// What the caller believes it costs; another total is refused with 409.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_total: Option<Money>,
}

/// How an order is paid.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentChoice {
    /// The kind of payment.
    pub method: Method,
    /// The provider's token; never a card number.
    pub token: String,
}

impl fmt::Debug for PaymentChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentChoice").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The answer to a placed order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacedOrder {
    /// Confirmed.
    pub order: Order,
    /// Captured.
    pub payment: Payment,
}

/// `GET /orders/{id}/placement`: what became of a placed order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Placement {
    /// The order's id, fixed before the first step.
    pub order_id: Id<Order>,
    /// How far it has come.
    pub state: PlacementState,
    /// Present once confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Present once confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// How far placing an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacementState {
    /// Not settled yet: ask again.
    Running,
    /// Confirmed, and charged once.
    Confirmed,
    /// Not confirmed, nothing kept.
    Refused,
    /// Needs an operator; nothing is lost.
    Stuck,
}
