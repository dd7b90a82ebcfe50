//! Everybody wants the same thing at the same moment.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use crate::world::{Answer, IN_TIME, World, new_key};

#[tokio::test]
async fn two_hundred_buyers_of_fifty_units_make_fifty_orders() {
    let world = World::start().await;
    let lamp = world.product(4990, 50).await;
    // A token costs a password hash, which is slow by design: twenty shoppers buy ten times each.
    let shoppers = join_all((0..20).map(|_| world.shopper())).await;
    let orders = (0..200_usize).map(|number| {
        let shopper = &shoppers[number % shoppers.len()];
        let (world, order) = (&world, shopper.wants(&lamp, 1, "tok_visa"));
        // On a slow machine two hundred at once take a while.
        let placing = world.placing(shopper, &order, Some(&new_key())).header("prefer", "wait=30").timeout(IN_TIME);
        async move { Answer::of(placing.send().await.unwrap()).await }
    });
    let answers = join_all(orders).await;
    let mut counts = BTreeMap::new();
    for answer in &answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    assert_eq!(counts, BTreeMap::from([(201, 50), (409, 150)]), "{:#}", answers[0].body);
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        answer.refused(409, "out-of-stock");
    }
    assert_eq!(world.stock(&lamp).await, 0);
    for answer in answers.iter().filter(|answer| answer.status == 201) {
        world.books(answer.body["order"]["id"].as_str().unwrap()).await.are_confirmed_and_charged_once();
    }
}

#[tokio::test]
async fn twenty_posts_with_one_key_are_one_order() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 50).await);
    let (order, key) = (shopper.wants(&lamp, 1, "tok_visa"), new_key());
    let answers = join_all((0..20).map(|_| world.place(&shopper, &order, Some(&key)))).await;
    let mut ids = Vec::new();
    for answer in &answers {
        match answer.status {
            201 => ids.push(answer.body["order"]["id"].as_str().unwrap().to_owned()),
            _ => assert!(!answer.refused(409, "request-in-progress").header("retry-after").is_empty()),
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(world.stock(&lamp).await, 49);
    world.books(&ids[0]).await.are_confirmed_and_charged_once();
    let listed = world.get("/orders", &shopper.token).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
}
