//! A provider that is silent, stumbles, or forgets.

use contracts::{Id, PaymentStatus};

use crate::fixture::{App, NOTHING, payment};

#[tokio::test]
async fn a_charge_without_an_answer_is_unclear_until_it_is_asked_for_again() {
    let app = App::with_impatience().await;
    let (id, new) = (Id::mint(), payment("tok_timeout", 4_990));
    let reply = app.charge(id, &new).await;
    reply.refused(503, "payment-unclear");
    assert!(reply.headers.contains_key("retry-after"));
    assert_eq!(app.status(id).await, PaymentStatus::Pending);
    assert_eq!(app.moved(id).await, [4_990], "the bank has charged, and only we do not know");
    assert_eq!(app.charge_until_clear(id, &new).await.body["status"], "captured");
    assert_eq!(app.moved(id).await, [4_990]);
    assert_eq!(app.log(id).await, ["charge pending 4990", "charge succeeded 4990"]);
}

#[tokio::test]
async fn a_provider_that_stumbles_twice_charges_at_the_third_ask() {
    let app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_flaky", 4_990));
    for _ in 0..2 {
        app.charge(id, &new).await.refused(503, "payment-unclear");
        assert_eq!(app.moved(id).await, NOTHING);
    }
    assert_eq!(app.charge(id, &new).await.status, 201);
    assert_eq!(app.charge(id, &new).await.status, 200);
    assert_eq!(app.moved(id).await, [4_990]);
}

#[tokio::test]
async fn a_lost_charge_is_not_made_before_the_third_ask() {
    let app = App::with_impatience().await;
    let (id, new) = (Id::mint(), payment("tok_lost", 4_990));
    for _ in 0..2 {
        app.charge(id, &new).await.refused(503, "payment-unclear");
        assert_eq!(app.moved(id).await, NOTHING);
    }
    assert_eq!(app.charge_until_clear(id, &new).await.body["status"], "captured");
    assert_eq!(app.moved(id).await, [4_990]);
}

#[tokio::test]
async fn the_bank_remembers_how_often_it_was_asked_when_the_service_starts_anew() {
    let mut app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_flaky", 4_990));
    for _ in 0..2 {
        app.charge(id, &new).await.refused(503, "payment-unclear");
        app.restart().await;
    }
    assert_eq!(app.charge(id, &new).await.status, 201);
    assert_eq!(app.moved(id).await, [4_990]);
}

#[tokio::test]
async fn an_unclear_charge_can_only_be_repeated_as_it_was() {
    let app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_flaky", 4_990));
    app.charge(id, &new).await.refused(503, "payment-unclear");
    app.charge(id, &payment("tok_visa", 4_990)).await.refused(409, "payment-exists");
    assert_eq!(app.status(id).await, PaymentStatus::Pending);
}
