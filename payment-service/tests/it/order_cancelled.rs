//! What was taken for an order goes back when the order is cancelled.

use contracts::{Id, Order, PaymentStatus, RefundStatus};
use futures_util::future::join_all;
use payment_service::domain::Reason;
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{App, euro, payment, payment_of};

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
