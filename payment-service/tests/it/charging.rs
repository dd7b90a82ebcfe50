//! Taking the money.

use contracts::{Id, Payment, PaymentStatus};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{App, NOTHING, euro, payment};

#[tokio::test]
async fn a_good_card_is_charged() {
    let app = App::start().await;
    for token in ["tok_visa", "tok_mastercard"] {
        let (id, new) = (Id::mint(), payment(token, 4_990));
        let reply = app.charge(id, &new).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        assert_eq!(reply.headers["location"], format!("/payments/{id}"));
        assert_eq!(reply.body["amount"], euro(4_990));
        assert_eq!(reply.body["refunded"], euro(0));
        assert_eq!(reply.body["status"], "captured");
        assert_eq!(reply.body["method"], "card");
        assert_eq!(reply.body["order_id"], new.order_id.to_string());
        assert!(reply.body.get("decline_reason").is_none(), "absent, not null");
        assert!(reply.body.get("token").is_none());
        assert_eq!(app.payment(id).await, reply.to::<Payment>(), "what was answered is what is kept");
        assert_eq!(app.moved(id).await, [4_990]);
        assert_eq!(app.log(id).await, ["charge pending 4990", "charge succeeded 4990"]);
    }
}

#[tokio::test]
async fn a_charge_that_is_asked_for_again_is_the_same_charge() {
    let app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    let first = app.charge(id, &new).await;
    for _ in 0..3 {
        let again = app.charge(id, &new).await;
        assert_eq!((again.status, &again.body), (200, &first.body));
    }
    assert_eq!(app.moved(id).await, [4_990]);
}

#[tokio::test]
async fn charges_that_cross_are_one_charge() {
    let app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    let replies = join_all((0..20).map(|_| app.charge(id, &new))).await;
    assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 201)), "{replies:?}");
    assert!(replies.iter().all(|reply| reply.body == replies[0].body), "{replies:?}");
    assert_eq!(app.moved(id).await, [4_990]);
    assert_eq!(app.log(id).await, ["charge pending 4990", "charge succeeded 4990"]);
}

#[tokio::test]
async fn an_id_stands_for_one_payment() {
    let app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    app.charge(id, &new).await;
    let mut other = new.clone();
    other.amount = payment("tok_visa", 4_991).amount;
    app.charge(id, &other).await.refused(409, "payment-exists");
    let other = payment("tok_visa", 4_990);
    app.charge(id, &other).await.refused(409, "payment-exists");
    let mut other = new.clone();
    other.token = "tok_mastercard".to_owned();
    app.charge(id, &other).await.refused(409, "payment-exists");
    assert_eq!(app.moved(id).await, [4_990]);
}

#[tokio::test]
async fn a_declined_card_is_not_charged_and_the_payment_says_why() {
    let app = App::start().await;
    let cases = [
        ("tok_declined", "declined", "the provider declined the payment: declined"),
        ("tok_insufficient_funds", "insufficient_funds", "the provider declined the payment: insufficient funds"),
        ("tok_nobody_knows", "unknown_token", "the provider declined the payment: unknown token"),
    ];
    for (token, reason, detail) in cases {
        let (id, new) = (Id::mint(), payment(token, 4_990));
        for _ in 0..2 {
            assert_eq!(app.charge(id, &new).await.refused(402, "payment-declined"), detail);
        }
        let payment = app.payment(id).await;
        assert_eq!(payment.status, PaymentStatus::Declined);
        assert_eq!(payment.decline_reason.as_deref(), Some(reason));
        assert_eq!(app.moved(id).await, NOTHING);
        assert_eq!(app.log(id).await, ["charge pending 4990", "charge declined 4990"]);
    }
}

#[tokio::test]
async fn only_the_bus_takes_money() {
    let app = App::start().await;
    let (id, new) = (Id::<Payment>::mint(), payment("tok_visa", 4_990));
    let broken = "{\"order_id\": 1";
    app.send(app.put(id).body(broken)).await.refused(401, "authentication-required");
    app.send(app.put(id).bearer_auth("nonsense").body(broken)).await.refused(401, "invalid-token");
    let others = [
        app.issuer.operator(),
        app.issuer.customer(new.customer_id),
        app.issuer.client("shop", &["orders:place", "payments:refund"]),
    ];
    for token in others {
        app.send(app.put(id).bearer_auth(&token).body(broken)).await.refused(403, "forbidden");
        let void = app.post(&format!("/payments/{id}/void")).bearer_auth(&token).body(broken);
        app.send(void).await.refused(403, "forbidden");
    }
    assert_eq!(app.moved(id).await, NOTHING);
}

#[tokio::test]
async fn a_wrong_charge_is_told_all_that_is_wrong() {
    let app = App::start().await;
    let id = Id::<Payment>::mint();
    let good = json!(payment("tok_visa", 4_990));
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    for (body, pointers) in [
        (with("amount", euro(0)), vec!["/amount/amount"]),
        (with("amount", euro(-1)), vec!["/amount/amount"]),
        (with("amount", json!({"amount": 1_i64 << 53, "currency": "EUR"})), vec!["/amount/amount"]),
        (with("amount", json!({"amount": 1, "currency": "XXX"})), vec!["/amount/currency"]),
        (with("amount", json!(4_990)), vec!["/amount"]),
        (with("method", json!("cash")), vec!["/method"]),
        (with("order_id", json!("1")), vec!["/order_id"]),
        (with("customer_id", Value::Null), vec!["/customer_id"]),
        (with("token", json!("4111111111111111")), vec!["/token"]),
        (with("token", json!("visa")), vec!["/token"]),
        (with("status", json!("captured")), vec!["/status"]),
        (
            json!({"token": "visa", "amount": euro(0), "method": "card", "order_id": id, "customer_id": id}),
            vec!["/amount/amount", "/token"],
        ),
    ] {
        let reply = app.send(app.put(id).bearer_auth(app.issuer.saga()).json(&body)).await;
        reply.refused(422, "invalid-request");
        assert_eq!(reply.pointers(), pointers, "{body}");
    }
    let saga = app.issuer.saga();
    let broken = app.put(id).bearer_auth(&saga).header("content-type", "application/json").body("{\"order_id\"");
    app.send(broken).await.refused(400, "malformed-body");
    app.send(app.put(id).bearer_auth(&saga).body("x")).await.refused(415, "unsupported-media-type");
    let nonsense = app.request(Method::PUT, "/payments/nonsense").bearer_auth(&saga).json(&good);
    app.send(nonsense).await.refused(404, "not-found");
    app.send(app.request(Method::DELETE, &format!("/payments/{id}")).bearer_auth(&saga))
        .await
        .refused(405, "method-not-allowed");
    assert_eq!(app.charge(id, &payment("tok_visa", 1)).await.status, 201, "nothing of that took the id");
}
