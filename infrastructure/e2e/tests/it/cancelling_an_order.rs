//! A change of mind: stock and money go back.

use serde_json::json;
use testbed::binary::Binary;

use crate::world::{IN_TIME, World, new_key};

#[tokio::test]
async fn a_paid_order_that_is_cancelled_is_refunded_and_its_stock_is_back() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let placed = world.place(&shopper, &shopper.wants(&lamp, 2, "tok_visa"), Some(&new_key())).await;
    let id = placed.is(201).body["order"]["id"].as_str().unwrap().to_owned();
    let path = format!("/orders/{id}/cancel");
    let cancelled = world.post(&path, Some(&shopper.token), &json!({"reason": "changed my mind"})).await;
    assert_eq!(cancelled.is(200).body["status"], "cancelled");
    assert_eq!(cancelled.body["cancel_reason"], "changed my mind");
    assert_eq!(world.stock(&lamp).await, 10);
    for _ in 0..3 {
        world.post(&path, Some(&shopper.token), &json!({"reason": "changed my mind"})).await.is(200);
    }
    let refunded = async || world.get(&format!("/orders/{id}"), &shopper.token).await.body["refund"] == "full";
    testbed::wait::until("the refund is recorded", IN_TIME, refunded).await.unwrap();
    let books = world.books(&id).await;
    assert_eq!((books.charged(), &books.payments[0]["status"]), (0, &json!("refunded")), "{books:#?}");
    assert_eq!(world.stock(&lamp).await, 10);
}

#[tokio::test]
async fn a_refund_waits_for_payment_service_to_come_back() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let placed = world.place(&shopper, &shopper.wants(&lamp, 2, "tok_visa"), Some(&new_key())).await;
    let id = placed.is(201).body["order"]["id"].as_str().unwrap().to_owned();
    let order = format!("/orders/{id}");
    world.system.kill(Binary::PaymentService).await.unwrap();
    let cancelled = world.post(&format!("{order}/cancel"), Some(&shopper.token), &json!({})).await;
    assert_eq!(
        (&cancelled.is(200).body["status"], &cancelled.body["refund"]),
        (&json!("cancelled"), &json!("requested"))
    );
    assert_eq!(world.stock(&lamp).await, 10, "nobody waits for the money before selling the lamps");
    world.system.start_again(Binary::PaymentService).await.unwrap();
    let refunded = async || world.get(&order, &shopper.token).await.body["refund"] == "full";
    testbed::wait::until("the refund is recorded", IN_TIME, refunded).await.unwrap();
    let books = world.books(&id).await;
    assert_eq!((books.charged(), &books.payments[0]["status"]), (0, &json!("refunded")), "{books:#?}");
}

#[tokio::test]
async fn an_operator_gives_back_part_of_it() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(10_000, 10).await);
    let placed = world.place(&shopper, &shopper.wants(&lamp, 1, "tok_visa"), Some(&new_key())).await;
    let (id, payment) = (placed.is(201).body["order"]["id"].clone(), placed.body["payment"]["id"].clone());
    let path = format!("/payments/{}/refunds", payment.as_str().unwrap());
    let euros = |amount: i64| json!({"amount": {"amount": amount, "currency": "EUR"}, "reason": "scratched"});
    let first = world.post(&path, Some(&world.operator), &euros(6000)).await;
    assert_eq!(first.is(201).body["status"], "succeeded");
    world.post(&path, Some(&world.operator), &euros(6000)).await.refused(409, "refund-exceeds-payment");
    let order = format!("/orders/{}", id.as_str().unwrap());
    let partial = async || world.get(&order, &shopper.token).await.body["refund"] == "partial";
    testbed::wait::until("the refund is recorded", IN_TIME, partial).await.unwrap();
    world.post(&path, Some(&world.operator), &json!({"reason": "the rest"})).await.is(201);
    world.post(&path, Some(&world.operator), &json!({"reason": "more"})).await.refused(409, "refund-exceeds-payment");
    let books = world.books(id.as_str().unwrap()).await;
    assert_eq!((books.charged(), &books.payments[0]["status"]), (0, &json!("refunded")), "{books:#?}");
    assert_eq!(books.order.unwrap()["status"], "confirmed", "a refund does not cancel");
    let log = world.get(&format!("/payments/{}/transactions", payment.as_str().unwrap()), &shopper.token).await;
    assert_eq!(
        log.is(200).body["items"].as_array().unwrap().iter().filter(|entry| entry["outcome"] == "succeeded").count(),
        3
    );
}
