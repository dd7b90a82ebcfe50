//! The bank says no, or says nothing for a while.

use serde_json::json;

use crate::world::{World, new_key};

async fn declined(token: &str, reason: &str) {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 3, token), new_key());
    let refused = world.place(&shopper, &order, Some(&key)).await;
    refused.refused(402, "payment-declined");
    assert_eq!(world.stock(&lamp).await, 10, "stock is back");
    let orders = world.get("/orders", &shopper.token).await;
    let order = &orders.is(200).body["items"][0];
    assert_eq!(order["status"], "cancelled");
    let why = order["cancel_reason"].as_str().unwrap().to_lowercase();
    assert!(why.contains("declined") || why.contains("insufficient"), "the order says why: {why}");
    let books = world.books(order["id"].as_str().unwrap()).await;
    books.keep_nothing();
    assert_eq!(books.payments[0]["decline_reason"], reason);
    let again = world.place(&shopper, &shopper.wants(&lamp, 3, token), Some(&key)).await;
    assert_eq!(again.refused(402, "payment-declined").header("idempotent-replayed"), "true");
    let bought = world.place(&shopper, &shopper.wants(&lamp, 10, "tok_visa"), Some(&new_key())).await;
    assert_eq!(bought.is(201).body["payment"]["amount"], json!({"amount": 49_900, "currency": "EUR"}));
}

#[tokio::test]
async fn a_declined_card_buys_nothing() {
    declined("tok_declined", "declined").await;
}

#[tokio::test]
async fn an_empty_account_buys_nothing() {
    declined("tok_insufficient_funds", "insufficient_funds").await;
}

/// The bank's answer comes late or not at first: it is asked again under the same id, and charges once.
async fn charged_once_in_the_end(token: &str) {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let request =
        world.placing(&shopper, &shopper.wants(&lamp, 1, token), Some(&new_key())).header("prefer", "wait=30");
    let placed = crate::world::Answer::of(request.send().await.unwrap()).await;
    let id = placed.is(201).body["order"]["id"].as_str().unwrap().to_owned();
    world.books(&id).await.are_confirmed_and_charged_once();
    assert_eq!(world.stock(&lamp).await, 9);
}

#[tokio::test]
async fn a_bank_that_charges_and_does_not_answer_charges_once() {
    charged_once_in_the_end("tok_timeout").await;
}

#[tokio::test]
async fn a_bank_with_hiccups_charges_once() {
    charged_once_in_the_end("tok_flaky").await;
}

#[tokio::test]
async fn a_bank_that_answers_the_third_time_charges_once() {
    charged_once_in_the_end("tok_lost").await;
}
