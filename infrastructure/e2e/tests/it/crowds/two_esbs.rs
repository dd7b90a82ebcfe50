//! Two instances of the ESB share the work.

use futures_util::future::join_all;
use reqwest::Method;
use testbed::System;
use testbed::binary::Binary;

use crate::world::{Answer, Moment, SETTLED, Tap, Trap, World, new_key};

#[tokio::test]
async fn one_key_at_both_is_one_order() {
    let world = World::with(System::builder().esbs(2).start().await.unwrap()).await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 1, "tok_visa"), new_key());
    let posts = (0..20).map(|number| {
        let orders = format!("{}/orders", world.system.esb_urls[number % 2]);
        let request = world.request_to(Method::POST, &orders, Some(&shopper.token)).json(&order);
        let request = request.header("idempotency-key", &key);
        async move { Answer::of(request.send().await.unwrap()).await }
    });
    let answers = join_all(posts).await;
    let placed: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!placed.is_empty() && answers.iter().all(|answer| [201, 409].contains(&answer.status)));
    let id = placed[0].body["order"]["id"].as_str().unwrap();
    assert!(placed.iter().all(|answer| answer.body["order"]["id"] == id));
    assert_eq!(world.stock(&lamp).await, 9);
    world.books(id).await.are_confirmed_and_charged_once();
}

/// The other instance takes over what a dead one has begun, and nobody starts the dead one again.
#[actix_web::test]
async fn the_other_takes_over() {
    let tap = Tap::start();
    let builder = System::builder().esbs(2).env(Binary::Esb, "ESB__SERVICES__PAYMENT_SERVICE", &tap.url);
    let system = builder.start().await.unwrap();
    tap.lead_to(&system.env()["PAYMENT_SERVICE_URL"]);
    let world = World::with(system).await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 1, "tok_visa"), new_key());
    let (sprung, go_on) = tap.set(Trap { method: Method::PUT, ends: "", moment: Moment::After });
    let lost = actix_web::rt::spawn(world.placing(&shopper, &order, Some(&key)).send());
    sprung.await.unwrap();
    world.system.kill(Binary::Esb).await.unwrap();
    assert!(go_on.send(()).is_ok() && lost.await.unwrap().is_err());
    let other = format!("{}/orders", world.system.esb_urls[1]);
    let ask = async || {
        let request = world.request_to(Method::POST, &other, Some(&shopper.token)).json(&order);
        Answer::of(request.header("idempotency-key", &key).send().await.unwrap()).await
    };
    let settled = async || ask().await.status == 201;
    testbed::wait::until("the other has settled it", SETTLED, settled).await.unwrap();
    world.system.start_again(Binary::Esb).await.unwrap();
    let answer = ask().await;
    world.books(answer.is(201).body["order"]["id"].as_str().unwrap()).await.are_confirmed_and_charged_once();
    assert_eq!(world.stock(&lamp).await, 9);
}
