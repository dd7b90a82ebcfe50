//! What there is to describe, in the words of the contracts.

use contracts::{
    CancelOrder, Customer, NewRefund, Order, Payment, PlaceOrder, PlacedOrder, Placement, Problem, Product, Refund,
    Register, Session,
};
use serde_json::{Map, Value};
use utoipa::OpenApi;

/// The schemas of the contracts, as the HTTP description has them.
#[derive(OpenApi)]
#[openapi(components(schemas(
    CancelOrder,
    Customer,
    NewRefund,
    Order,
    Payment,
    PlaceOrder,
    PlacedOrder,
    Placement,
    Problem,
    Product,
    Refund,
    Register,
    Session
)))]
struct Words;

/// What can be asked by a message.
pub(super) struct Operation {
    /// Its routing key.
    pub(super) key: &'static str,
    /// In a sentence.
    pub(super) about: &'static str,
    /// What is sent.
    pub(super) request: Request,
    /// What may come back, beside a problem.
    pub(super) answers: &'static [&'static str],
    /// What `message_id` is to it.
    pub(super) identity: Identity,
}

/// What is sent.
pub(super) enum Request {
    /// A document.
    Document(&'static str),
    /// A document, and the id of what it is about.
    About(&'static str),
    /// An id alone.
    Id,
}

/// What `message_id` is to an operation.
#[derive(Clone, Copy)]
pub(super) enum Identity {
    /// The idempotency key: without one it is refused.
    Required,
    /// Of use to whoever asks.
    Optional,
}

/// What has happened, and to what.
pub(super) struct Told {
    /// The type, which is the routing key.
    pub(super) kind: &'static str,
    /// The document in `data`.
    pub(super) data: &'static str,
}

/// Behind `esb_exchange`.
pub(super) const OPERATIONS: [Operation; 7] = [
    Operation {
        key: "customer.register",
        about: "Opens an account.",
        request: Request::Document("Register"),
        answers: &["Session"],
        identity: Identity::Required,
    },
    Operation {
        key: "customer.get",
        about: "Reads a customer.",
        request: Request::Id,
        answers: &["Customer"],
        identity: Identity::Optional,
    },
    Operation {
        key: "order.place",
        about: "Places an order: everything happens, or nothing, and once.",
        request: Request::Document("PlaceOrder"),
        answers: &["PlacedOrder", "Placement"],
        identity: Identity::Required,
    },
    Operation {
        key: "order.get",
        about: "Reads an order.",
        request: Request::Id,
        answers: &["Order"],
        identity: Identity::Optional,
    },
    Operation {
        key: "order.cancel",
        about: "Cancels an order; what was paid is given back.",
        request: Request::About("CancelOrder"),
        answers: &["Order"],
        identity: Identity::Required,
    },
    Operation {
        key: "payment.get",
        about: "Reads a payment.",
        request: Request::Id,
        answers: &["Payment"],
        identity: Identity::Optional,
    },
    Operation {
        key: "payment.refund",
        about: "Gives money back, all that is left where no amount is given.",
        request: Request::About("NewRefund"),
        answers: &["Refund"],
        identity: Identity::Required,
    },
];

/// On `domain_events`.
pub(super) const EVENTS: [Told; 11] = [
    Told { kind: "customer.registered", data: "Customer" },
    Told { kind: "customer.erased", data: "Customer" },
    Told { kind: "order.created", data: "Order" },
    Told { kind: "order.confirmed", data: "Order" },
    Told { kind: "order.cancelled", data: "Order" },
    Told { kind: "order.shipped", data: "Order" },
    Told { kind: "order.delivered", data: "Order" },
    Told { kind: "payment.captured", data: "Payment" },
    Told { kind: "payment.declined", data: "Payment" },
    Told { kind: "payment.refunded", data: "Payment" },
    Told { kind: "product.stock_changed", data: "Product" },
];

/// A message whose form nobody has described.
#[derive(Debug, thiserror::Error)]
pub(super) enum Undescribed {
    #[error("the schemas can't be written down")]
    Unwritable(#[from] serde_json::Error),
    #[error("no schema describes `{0}`")]
    Missing(&'static str),
}

/// The schemas by name, with all that they refer to.
pub(super) fn schemas() -> Result<Map<String, Value>, Undescribed> {
    match serde_json::to_value(Words::openapi().components.map(|components| components.schemas))? {
        Value::Object(schemas) => Ok(schemas),
        _ => Err(Undescribed::Missing("anything")),
    }
}
