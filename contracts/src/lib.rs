//! The words that the services use with each other: requests, answers, events and problems, as they stand on the wire.
//!
//! Nothing here does I/O. JSON is `snake_case`; what may be absent is absent, never `null`; requests refuse unknown
//! fields, answers tolerate them, so that a newer service can answer an older caller.

mod bus;
mod customer;
mod description;
mod event;
mod order;
mod payment;
mod place_order;
mod problem;
mod product;
mod session;
mod value;

pub use bus::{
    DiscoveredService, RegisterService, RegisteredService, Saga, SagaState, ServiceCheck, ServiceInstance, StepRecord,
    StepState,
};
pub use customer::{
    Address, AddressChange, Customer, CustomerChange, CustomerOverview, CustomerStatus, NewAddress, PostalAddress,
};
pub use description::description;
pub use event::{Event, SPEC_VERSION};
pub use order::{
    CancelOrder, ConfirmOrder, DeliverOrder, HistoryEntry, NewOrder, Order, OrderItem, OrderLine, OrderStatus,
    RefundProgress, ShipOrder, Shipment,
};
pub use payment::{
    Method, NewPayment, NewRefund, Payment, PaymentStatus, Refund, RefundStatus, Transaction, TransactionKind,
    TransactionOutcome, VoidPayment,
};
pub use place_order::{PaymentChoice, PlaceOrder, PlacedOrder, Placement, PlacementState};
pub use problem::{FieldError, Problem, pointer};
pub use product::{NewProduct, Product, ProductChange, StockChange};
pub use session::{Login, Password, RefreshDelivery, RefreshRequest, Register, Session};
pub use value::{
    AMOUNT_MAX, Currency, Id, InvalidId, LIMIT_DEFAULT, LIMIT_MAX, Money, MoneyError, Page, PageQuery, is_country,
};

/// A moment, in UTC; on the wire RFC 3339 with `Z`.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
