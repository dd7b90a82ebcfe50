//! Giving a payment up, whatever became of it.

use contracts::{Id, PaymentStatus};
use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::json;

use crate::bank::Leg;
use crate::fixture::{App, NOTHING, euro, payment};

#[tokio::test]
async fn a_charge_that_comes_after_its_void_is_refused() {
    let app = App::start().await;
    let id = Id::mint();
    for _ in 0..2 {
        assert_eq!(app.void(id).await.status, 204);
    }
    app.charge(id, &payment("tok_visa", 4_990)).await.refused(409, "payment-voided");
    assert_eq!(app.void(id).await.status, 204);
    assert_eq!(app.moved(id).await, NOTHING);
    let operator = app.issuer.operator();
    app.get(&format!("/payments/{id}"), &operator).await.refused(404, "payment-not-found");
    app.get(&format!("/payments/{id}/transactions"), &operator).await.refused(404, "payment-not-found");
    app.refund(id, &json!({"reason": "why not"})).await.refused(404, "payment-not-found");
    assert_eq!(app.get("/payments", &operator).await.body, json!({"items": [], "next_cursor": null}));
}

#[tokio::test]
async fn voiding_a_captured_payment_gives_back_all_that_is_left() {
    let app = App::start().await;
    let payment = app.captured().await;
    app.refund(payment.id, &json!({"amount": euro(2_500), "reason": "a scratch"})).await.refund();
    let voided = app.void(payment.id).await;
    assert_eq!(
        (voided.status, &voided.body["status"], &voided.body["refunded"]),
        (200, &json!("refunded"), &euro(10_000))
    );
    assert_eq!(app.void(payment.id).await.body, voided.body, "again, unchanged");
    assert_eq!(app.moved(payment.id).await, [10_000, -2_500, -7_500]);
    let log = app.log(payment.id).await;
    let ending = ["void pending 10000", "refund pending 7500", "refund succeeded 7500", "void succeeded 10000"];
    assert_eq!(log[4..], ending, "{log:?}");
}

#[tokio::test]
async fn a_voided_payment_is_not_charged_again() {
    let app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    app.charge(id, &new).await;
    app.void(id).await;
    app.charge(id, &new).await.refused(409, "payment-voided");
    assert_eq!(app.moved(id).await, [4_990, -4_990]);
}

#[tokio::test]
async fn voiding_what_is_over_changes_nothing() {
    let app = App::start().await;
    let declined = Id::mint();
    app.charge(declined, &payment("tok_declined", 4_990)).await;
    let refunded = app.captured().await.id;
    app.refund(refunded, &json!({"reason": "all of it"})).await.refund();
    for (id, status) in [(declined, "declined"), (refunded, "refunded")] {
        let before = app.payment(id).await;
        let reply = app.void(id).await;
        assert_eq!((reply.status, &reply.body["status"]), (200, &json!(status)));
        assert_eq!(app.payment(id).await, before);
    }
}

#[tokio::test]
async fn voiding_an_unclear_payment_finds_out_what_became_of_it() {
    let app = App::with_impatience().await;
    for (token, status, moved) in [
        ("tok_timeout", "refunded", vec![4_990, -4_990]),
        ("tok_flaky", "voided", vec![]),
        ("tok_lost", "voided", vec![]),
    ] {
        let (id, new) = (Id::mint(), payment(token, 4_990));
        app.charge(id, &new).await.refused(503, "payment-unclear");
        let reply = app.void(id).await;
        assert_eq!((reply.status, &reply.body["status"]), (200, &json!(status)), "{token}");
        for _ in 0..3 {
            app.charge(id, &new).await.refused(409, "payment-voided");
        }
        assert_eq!(app.moved(id).await, moved, "{token}");
        assert_eq!(app.void(id).await.body, reply.body);
    }
}

#[tokio::test]
async fn a_void_overtakes_a_charge_on_its_way_to_the_bank() {
    let app = App::start().await;
    app.bank.hold(Leg::There);
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    let void = async {
        app.bank.is_holding().await;
        let reply = app.void(id).await;
        app.bank.let_go();
        reply
    };
    let (charge, void) = join(app.charge(id, &new), void).await;
    charge.refused(409, "payment-voided");
    assert_eq!((void.status, &void.body["status"]), (200, &json!("voided")));
    assert_eq!(app.status(id).await, PaymentStatus::Voided);
    assert_eq!(app.moved(id).await, NOTHING);
}

#[tokio::test]
async fn a_void_that_crosses_the_answer_of_the_bank_gives_the_money_back_once() {
    let app = App::start().await;
    app.bank.hold(Leg::Back);
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    let void = async {
        app.bank.is_holding().await;
        let reply = app.void(id).await;
        app.bank.let_go();
        reply
    };
    let (charge, void) = join(app.charge(id, &new), void).await;
    charge.refused(409, "payment-voided");
    assert_eq!((void.status, &void.body["status"]), (200, &json!("refunded")));
    assert_eq!(app.status(id).await, PaymentStatus::Refunded);
    assert_eq!(app.moved(id).await, [4_990, -4_990]);
}

#[tokio::test]
async fn a_charge_that_finds_a_void_gives_the_money_back_itself() {
    let app = App::start().await;
    app.bank.hold(Leg::Back);
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    let void = async {
        app.bank.is_holding().await;
        app.bank.cut();
        let reply = app.void(id).await;
        app.bank.mend();
        app.bank.let_go();
        reply
    };
    let (charge, void) = join(app.charge(id, &new), void).await;
    void.refused(503, "payment-unclear");
    charge.refused(409, "payment-voided");
    assert_eq!(app.status(id).await, PaymentStatus::Refunded);
    assert_eq!(app.moved(id).await, [4_990, -4_990]);
    assert_eq!(app.void(id).await.status, 200);
    assert_eq!(app.moved(id).await, [4_990, -4_990]);
}

#[tokio::test]
async fn whatever_crosses_no_money_stays_taken() {
    let app = App::start().await;
    for _ in 0..5 {
        let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
        let charges = join_all((0..4).map(|_| app.charge(id, &new)));
        let voids = join_all((0..4).map(|_| app.void(id)));
        join(charges, voids).await;
        app.charge(id, &new).await.refused(409, "payment-voided");
        assert_eq!(app.moved(id).await.iter().sum::<i64>(), 0);
        assert!(app.moved(id).await.len() <= 2, "charged and given back once at most");
    }
}

#[tokio::test]
async fn a_void_says_why() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let path = format!("/payments/{id}/void");
    for (body, pointer) in [
        (json!({"reason": ""}), "/reason"),
        (json!({"reason": "x".repeat(501)}), "/reason"),
        (json!({"reason": 1}), "/reason"),
        (json!({"reason": "x", "why": 1}), "/why"),
    ] {
        let reply = app.send(app.request(Method::POST, &path).bearer_auth(app.issuer.saga()).json(&body)).await;
        reply.refused(422, "invalid-request");
        assert_eq!(reply.pointers(), [pointer]);
    }
    assert_eq!(app.status(id).await, PaymentStatus::Captured);
}
