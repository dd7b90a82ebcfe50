//! SIGKILL at every boundary of the saga: a proxy before each service sees the step's call go by, and the ESB is
//! killed before the call arrives, or after it took effect and before its answer is heard.

use reqwest::Method;
use testbed::System;
use testbed::binary::Binary;

use crate::world::{Answer, Moment, SETTLED, Shopper, Tap, Trap, World, new_key};

/// The calls of the saga: which service, method, how the path ends.
#[derive(Clone, Copy)]
enum Step {
    CheckCustomer,
    CreateOrder,
    TakePayment,
    ConfirmOrder,
    VoidPayment,
    CancelOrder,
}

impl Step {
    const fn call(self) -> (usize, Method, &'static str) {
        match self {
            Self::CheckCustomer => (0, Method::GET, ""),
            Self::CreateOrder => (1, Method::PUT, ""),
            Self::ConfirmOrder => (1, Method::POST, "confirm"),
            Self::CancelOrder => (1, Method::POST, "cancel"),
            Self::TakePayment => (2, Method::PUT, ""),
            Self::VoidPayment => (2, Method::POST, "void"),
        }
    }
}

/// A world whose ESB reaches the services through taps.
async fn tapped() -> (World, [Tap; 3]) {
    let taps = [Tap::start(), Tap::start(), Tap::start()];
    let names = ["CUSTOMER_SERVICE", "ORDER_SERVICE", "PAYMENT_SERVICE"];
    let mut builder = System::builder();
    for (tap, name) in taps.iter().zip(names) {
        builder = builder.env(Binary::Esb, &format!("ESB__SERVICES__{name}"), &tap.url);
    }
    let system = builder.start().await.unwrap();
    for (tap, name) in taps.iter().zip(names) {
        tap.lead_to(&system.env()[&format!("{name}_URL")]);
    }
    (World::with(system).await, taps)
}

/// What a killed saga came to.
struct Settled {
    world: World,
    shopper: Shopper,
    id: String,
    answer: Answer,
    /// The ESB still reaches the services through them.
    _taps: [Tap; 3],
}

/// Kills the ESB at that moment of that step of an order paid with `token`, starts it again, and gives back the world
/// once the saga is settled, with the order's id and what the caller's retry got.
async fn killed(step: Step, moment: Moment, token: &str) -> Settled {
    let (world, taps) = tapped().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 1, token), new_key());
    let (service, method, ends) = step.call();
    let (sprung, go_on) = taps[service].set(Trap { method, ends, moment });
    let lost = actix_web::rt::spawn(world.placing(&shopper, &order, Some(&key)).send());
    tokio::time::timeout(crate::world::IN_TIME, sprung).await.expect("the saga reached the step").unwrap();
    world.system.kill(Binary::Esb).await.unwrap();
    assert!(go_on.send(()).is_ok());
    assert!(lost.await.unwrap().is_err(), "the caller heard nothing");
    world.system.start_again(Binary::Esb).await.unwrap();

    let sagas = "/esb/sagas?limit=1";
    let settled = async || {
        let page = world.get(sagas, &world.operator).await;
        let state = page.body["items"][0]["state"].as_str().unwrap_or("").to_owned();
        state == "completed" || state == "compensated"
    };
    testbed::wait::until("the saga is settled", SETTLED, settled).await.unwrap();
    let page = world.get(sagas, &world.operator).await;
    let id = page.body["items"][0]["subject"].as_str().unwrap().to_owned();
    let answer = world.place(&shopper, &order, Some(&key)).await;
    assert_eq!(answer.header("idempotent-replayed"), "true", "{:#}", answer.body);
    let stock = world.stock(&lamp).await;
    assert_eq!(stock, if answer.status == 201 { 9 } else { 10 });
    Settled { world, shopper, id, answer, _taps: taps }
}

async fn ends_confirmed(step: Step, moment: Moment) {
    let settled = killed(step, moment, "tok_visa").await;
    assert_eq!(settled.answer.is(201).body["order"]["id"], settled.id);
    let books = settled.world.books(&settled.id).await;
    books.are_confirmed_and_charged_once();
    assert!(books.are_settled(), "{books:#?}");
}

async fn ends_refused(step: Step, moment: Moment) {
    let Settled { world, shopper, id, answer, _taps } = killed(step, moment, "tok_declined").await;
    answer.refused(402, "payment-declined");
    let books = world.books(&id).await;
    books.keep_nothing();
    let placement = world.get(&format!("/orders/{id}/placement"), &shopper.token).await;
    assert_eq!(placement.is(200).body["state"], "refused");
}

macro_rules! boundaries {
    ($($name:ident: $ends:ident($step:ident, $moment:ident);)+) => {
        $(#[actix_web::test]
        async fn $name() {
            $ends(Step::$step, Moment::$moment).await;
        })+
    };
}

boundaries! {
    before_the_customer_is_checked: ends_confirmed(CheckCustomer, Before);
    after_the_customer_is_checked: ends_confirmed(CheckCustomer, After);
    before_the_order_is_created: ends_confirmed(CreateOrder, Before);
    after_the_order_is_created: ends_confirmed(CreateOrder, After);
    before_the_payment_is_taken: ends_confirmed(TakePayment, Before);
    after_the_payment_is_taken: ends_confirmed(TakePayment, After);
    before_the_order_is_confirmed: ends_confirmed(ConfirmOrder, Before);
    after_the_order_is_confirmed: ends_confirmed(ConfirmOrder, After);
    after_the_payment_is_declined: ends_refused(TakePayment, After);
    before_the_payment_is_voided: ends_refused(VoidPayment, Before);
    after_the_payment_is_voided: ends_refused(VoidPayment, After);
    before_the_order_is_cancelled: ends_refused(CancelOrder, Before);
    after_the_order_is_cancelled: ends_refused(CancelOrder, After);
}

/// Killed after the last step: the retry gets the first answer.
#[actix_web::test]
async fn after_everything_and_before_answering() {
    let (world, _taps) = tapped().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 1, "tok_visa"), new_key());
    let request = world.placing(&shopper, &order, Some(&key)).header("prefer", "respond-async");
    let accepted = Answer::of(request.send().await.unwrap()).await;
    let place = accepted.is(202).header("location").to_owned();
    let confirmed = async || world.get(&place, &shopper.token).await.body["state"] == "confirmed";
    testbed::wait::until("the order is confirmed", SETTLED, confirmed).await.unwrap();
    world.system.kill(Binary::Esb).await.unwrap();
    world.system.start_again(Binary::Esb).await.unwrap();
    let first = world.place(&shopper, &order, Some(&key)).await;
    assert_eq!((first.is(201).header("idempotent-replayed"), world.stock(&lamp).await), ("true", 9));
    world.books(first.body["order"]["id"].as_str().unwrap()).await.are_confirmed_and_charged_once();
}

/// Killed before step 0 is durable: nothing happened, and the caller's retry starts it.
#[actix_web::test]
async fn before_anything() {
    let (world, _taps) = tapped().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 1, "tok_visa"), new_key());
    world.system.kill(Binary::Esb).await.unwrap();
    assert!(world.placing(&shopper, &order, Some(&key)).send().await.is_err());
    world.system.start_again(Binary::Esb).await.unwrap();
    let placed = world.place(&shopper, &order, Some(&key)).await;
    assert_eq!((placed.is(201).header("idempotent-replayed"), world.stock(&lamp).await), ("", 9));
}
