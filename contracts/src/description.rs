//! All documents that the services exchange, described in one place.

use utoipa::OpenApi;

use crate::{
    Address, AddressChange, CancelOrder, ConfirmOrder, Customer, CustomerChange, CustomerOverview, DeliverOrder, Login,
    NewAddress, NewOrder, NewPayment, NewProduct, NewRefund, Order, Page, Payment, PlaceOrder, PlacedOrder, Placement,
    Problem, Product, ProductChange, RefreshRequest, Refund, Register, Saga, Session, ShipOrder, StockChange,
    Transaction, VoidPayment,
};

#[derive(OpenApi)]
#[openapi(components(schemas(
    Address, AddressChange, CancelOrder, ConfirmOrder, Customer, CustomerChange, CustomerOverview, DeliverOrder, Login,
    NewAddress, NewOrder, NewPayment, NewProduct, NewRefund, Order, Payment, PlaceOrder, PlacedOrder, Placement,
    Problem, Product, ProductChange, RefreshRequest, Refund, Register, Saga, Session, ShipOrder, StockChange,
    Transaction, VoidPayment, Page<Address>, Page<Customer>, Page<Order>, Page<Payment>, Page<Product>, Page<Refund>,
    Page<Saga>, Page<Transaction>,
)))]
struct Documents;

/// The schemas of all documents, as `OpenAPI` components.
pub fn description() -> utoipa::openapi::OpenApi {
    Documents::openapi()
}
