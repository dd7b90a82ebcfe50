//! A service dies while it is needed: the order waits, and ends as promised once it is back.

use testbed::binary::Binary;

use crate::world::{Answer, IN_TIME, World, new_key};

async fn survives_without(binary: Binary) {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 1, "tok_visa"), new_key());
    world.system.kill(binary).await.unwrap();
    let request = world.placing(&shopper, &order, Some(&key)).header("prefer", "wait=1");
    let accepted = Answer::of(request.send().await.unwrap()).await;
    let place = accepted.is(202).header("location").to_owned();
    assert_eq!(accepted.body["state"], "running");
    let again = world.place(&shopper, &order, Some(&key)).await;
    assert!(!again.refused(409, "request-in-progress").header("retry-after").is_empty());
    world.system.start_again(binary).await.unwrap();
    let confirmed = async || world.get(&place, &shopper.token).await.body["state"] == "confirmed";
    testbed::wait::until("the order is confirmed", IN_TIME, confirmed).await.unwrap();
    let answer = world.place(&shopper, &order, Some(&key)).await;
    let id = answer.is(201).body["order"]["id"].as_str().unwrap().to_owned();
    world.books(&id).await.are_confirmed_and_charged_once();
    assert_eq!(world.stock(&lamp).await, 9);
}

#[tokio::test]
async fn without_customer_service() {
    survives_without(Binary::CustomerService).await;
}

#[tokio::test]
async fn without_order_service() {
    survives_without(Binary::OrderService).await;
}

#[tokio::test]
async fn without_payment_service() {
    survives_without(Binary::PaymentService).await;
}
