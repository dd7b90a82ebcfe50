//! What was taken for an order goes back when the order is cancelled.

use std::time::Duration;

use chassis::Tasks;
use chassis::bus::{Binding, Bus, DOMAIN_EVENTS, Delivered, Intake, Outgoing, Queue, Settled, Subscription, Topology};
use chassis::settings::Broker;
use contracts::{Id, Order, PaymentStatus, RefundStatus};
use futures_util::future::join_all;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use payment_service::domain::Reason;
use serde_json::{Value, json};
use testbed::wait::until;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use uuid::Uuid;

use crate::fixture::{App, euro, payment, payment_of};

const PATIENCE: Duration = Duration::from_mins(1);
const TAP: &str = "tap";

fn reason() -> Reason {
    Reason::parse("the order was cancelled").unwrap()
}

#[tokio::test]
async fn a_cancelled_order_is_refunded_once_however_often_it_is_told() {
    let app = App::start().await;
    let payment = app.captured().await;
    app.refund(payment.id, &json!({"amount": euro(1_000), "reason": "a scratch"})).await.refund();
    let cashier = app.cashier().await;
    let event = Uuid::from_u128(7);
    let why = reason();
    let told = (0..5).map(|_| cashier.refund_order(payment.order_id, &why, event));
    let refunds = join_all(told).await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
    let ids = refunds.iter().map(|refunds| refunds.iter().map(|refund| refund.id).collect::<Vec<_>>());
    assert!(ids.clone().all(|each| each.len() == 1 && Some(each) == ids.clone().next()), "{refunds:?}");
    assert_eq!(refunds[0][0].status, RefundStatus::Succeeded);
    assert_eq!(refunds[0][0].amount.amount(), 9_000);
    let again = cashier.refund_order(payment.order_id, &reason(), Uuid::from_u128(8)).await.unwrap();
    assert!(again.is_empty(), "another event finds nothing left");
    assert_eq!(app.status(payment.id).await, PaymentStatus::Refunded);
    assert_eq!(app.moved(payment.id).await, [10_000, -1_000, -9_000]);
}

#[tokio::test]
async fn an_order_that_nothing_was_taken_for_needs_no_refund() {
    let app = App::start().await;
    let order = Id::<Order>::mint();
    let declined = Id::mint();
    app.charge(declined, &payment_of(Id::mint(), order, "tok_declined", 100)).await;
    let other = Id::mint();
    app.charge(other, &payment("tok_visa", 100)).await;
    let cashier = app.cashier().await;
    for order in [order, Id::mint()] {
        assert!(cashier.refund_order(order, &reason(), Uuid::from_u128(7)).await.unwrap().is_empty());
    }
    assert_eq!(app.status(other).await, PaymentStatus::Captured);
}

/// A bus on which orders are cancelled, and all that is told of refunds.
async fn tapped(url: &str, tasks: &Tasks) -> (Bus, UnboundedReceiver<Delivered>) {
    let orders = Subscription { queue: "payment-service.order-events", events: &["order.cancelled"] };
    let tap = Binding { queue: TAP.to_owned(), exchange: DOMAIN_EVENTS.to_owned(), key: "payment.refunded".to_owned() };
    let tap = Topology { queues: vec![Queue::quorum(TAP)], bindings: vec![tap], ..Topology::default() };
    let topology = Topology::common().and(Topology::from(&orders)).and(tap);
    let bus = Bus::connect_with(&Broker { url: url.into() }, TAP, tasks, topology).unwrap();
    let (sender, told) = unbounded_channel();
    bus.take(Intake { queue: TAP.to_owned(), at_once: 1 }, move |event| {
        sender.send(event).unwrap();
        async { Settled::Done }
    });
    until("the bus is there", PATIENCE, async || bus.is_up()).await.unwrap();
    (bus, told)
}

fn cancelled(order: Id<Order>) -> Value {
    let at = "2026-01-01T00:00:00Z";
    json!({
        "specversion": "1.0", "id": Uuid::from_u128(7), "source": "/order-service", "type": "order.cancelled",
        "subject": order, "time": at, "datacontenttype": "application/json",
        "data": {
            "id": order, "customer_id": Uuid::from_u128(8), "status": "cancelled", "items": [], "total": euro(10_000),
            "refund": "requested", "history": [], "created_at": at, "updated_at": at,
        },
    })
}

#[tokio::test]
async fn a_refund_is_told_under_the_id_of_the_request_that_cancelled_the_order() {
    let vhost = testbed::shared().await.amqp_vhost("payment").await;
    let tasks = Tasks::new();
    let (bus, mut told) = tapped(&vhost.url, &tasks).await;
    let app = App::with(&[("PAYMENT_SERVICE__BROKER__URL", vhost.url.clone())]).await;
    let payment = app.captured().await;
    let text = |value: &str| AMQPValue::LongString(value.into());
    let mut headers = FieldTable::default();
    headers.insert("x-request-id".into(), text("cancel-17"));
    headers.insert("traceparent".into(), text("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    let properties = BasicProperties::default().with_headers(headers);
    let body = cancelled(payment.order_id).to_string();
    let event = Outgoing { exchange: DOMAIN_EVENTS, key: "order.cancelled", properties, body: body.as_bytes() };
    bus.deliver(event).await.unwrap();
    let refunded = tokio::time::timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
    let header = |name: &str| {
        let headers = refunded.properties.headers().as_ref().unwrap().inner();
        headers.get(name).and_then(AMQPValue::as_long_string).unwrap().to_string()
    };
    let event: Value = serde_json::from_slice(&refunded.body).unwrap();
    assert_eq!((header("x-request-id").as_str(), &event["requestid"]), ("cancel-17", &json!("cancel-17")));
    assert!(header("traceparent").contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    assert_eq!((&event["type"], &event["subject"]), (&json!("payment.refunded"), &json!(payment.id)));
    tasks.stop();
}
