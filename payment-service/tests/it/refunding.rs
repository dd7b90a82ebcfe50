//! Giving money back.

use contracts::{Id, PaymentStatus, RefundStatus};
use futures_util::future::join_all;
use serde_json::json;

use crate::fixture::{App, euro, payment};

#[tokio::test]
async fn money_goes_back_in_parts_until_nothing_is_left() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let refund = app.refund(id, &json!({"amount": euro(4_000), "reason": " a scratch "})).await.refund();
    assert_eq!((refund.payment_id, refund.amount.amount()), (id, 4_000));
    assert_eq!((refund.status, refund.reason.as_str()), (RefundStatus::Succeeded, "a scratch"));
    assert_eq!(app.status(id).await, PaymentStatus::PartiallyRefunded);
    let detail = app.refund(id, &json!({"amount": euro(6_001), "reason": "too much"})).await;
    assert!(detail.refused(409, "refund-exceeds-payment").contains("6000"));
    let rest = app.refund(id, &json!({"reason": "broken after all"})).await.refund();
    assert_eq!(rest.amount.amount(), 6_000, "no amount is all that is left");
    let payment = app.payment(id).await;
    assert_eq!((payment.status, payment.refunded.amount()), (PaymentStatus::Refunded, 10_000));
    for body in [json!({"reason": "more"}), json!({"amount": euro(1), "reason": "more"})] {
        app.refund(id, &body).await.refused(409, "refund-exceeds-payment");
    }
    assert_eq!(app.moved(id).await, [10_000, -4_000, -6_000]);
}

#[tokio::test]
async fn of_two_refunds_that_do_not_fit_together_one_wins() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let body = json!({"amount": euro(6_000), "reason": "both want it"});
    let replies = join_all([app.refund(id, &body), app.refund(id, &body)]).await;
    let mut statuses = replies.iter().map(|reply| reply.status).collect::<Vec<_>>();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{replies:?}");
    assert_eq!(app.moved(id).await, [10_000, -6_000]);
}

#[tokio::test]
async fn thirty_refunds_at_once_give_back_what_there_is_and_no_more() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let body = json!({"amount": euro(500), "reason": "everybody wants it"});
    let replies = join_all((0..30).map(|_| app.refund(id, &body))).await;
    let given = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(given, 20, "{replies:?}");
    replies.iter().filter(|reply| reply.status != 201).for_each(|reply| {
        reply.refused(409, "refund-exceeds-payment");
    });
    assert_eq!(app.status(id).await, PaymentStatus::Refunded);
    assert_eq!(app.moved(id).await.iter().sum::<i64>(), 0);
}

#[tokio::test]
async fn refunds_at_two_instances_do_not_exceed_the_payment() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let here = app.cashier().await;
    let there = app.cashier().await;
    let account = here.payments().account(id).await.unwrap();
    let new = serde_json::from_value(json!({"amount": euro(700), "reason": "everybody wants it"})).unwrap();
    let request = || payment_service::domain::RefundRequest::parse(&new, &account, "operator:ada").unwrap();
    let requests = (0..20).map(|_| request()).collect::<Vec<_>>();
    let cashiers = [&here, &there].into_iter().cycle();
    let given = join_all(requests.iter().zip(cashiers).map(|(request, cashier)| cashier.refund(id, request))).await;
    assert_eq!(given.iter().filter(|given| given.is_ok()).count(), 14, "{given:?}");
    let moved = app.moved(id).await;
    assert_eq!((moved.len(), moved.iter().sum::<i64>()), (15, 200));
}

#[tokio::test]
async fn a_refund_under_a_key_is_made_once() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let body = json!({"amount": euro(1_000), "reason": "a scratch"});
    let first = app.refund_once(id, "key-1", &body).await;
    assert_eq!(first.status, 201);
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let again = app.refund_once(id, "key-1", &body).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    for other in [json!({"amount": euro(1_001), "reason": "a scratch"}), json!({"reason": "a scratch"})] {
        app.refund_once(id, "key-1", &other).await.refused(422, "idempotency-mismatch");
    }
    let crossed = join_all((0..10).map(|_| app.refund_once(id, "key-2", &body))).await;
    assert!(crossed.iter().all(|reply| reply.status == 201 && reply.body == crossed[0].body), "{crossed:?}");
    assert_eq!(app.moved(id).await, [10_000, -1_000, -1_000]);
    let other =
        app.post(&format!("/payments/{id}/refunds")).bearer_auth(app.issuer.client("shop", &["payments:refund"]));
    let other = app.send(other.header("idempotency-key", "key-1").json(&body)).await.refund();
    assert_ne!(other.id, first.refund().id, "another's key is another key");
    for bad in ["", "a b", &"k".repeat(256)] {
        app.refund_once(id, bad, &body).await.refused(422, "invalid-request");
    }
}

#[tokio::test]
async fn only_what_was_taken_can_be_given_back() {
    let app = App::start().await;
    let (declined, pending, voided) = (Id::mint(), Id::mint(), Id::mint());
    app.charge(declined, &payment("tok_declined", 4_990)).await;
    app.charge(pending, &payment("tok_flaky", 4_990)).await;
    app.charge(voided, &payment("tok_flaky", 4_990)).await;
    app.void(voided).await;
    for (id, word) in [(declined, "declined"), (pending, "pending"), (voided, "voided")] {
        let detail = app.refund(id, &json!({"reason": "give it back"})).await.refused(409, "payment-not-captured");
        assert!(detail.contains(word), "{detail}");
    }
}

#[tokio::test]
async fn a_wrong_refund_is_told_all_that_is_wrong() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let wrong = json!({"amount": {"amount": 0, "currency": "USD"}, "reason": " "});
    let reply = app.refund(id, &wrong).await;
    reply.refused(422, "invalid-request");
    assert_eq!(reply.pointers(), ["/amount/amount", "/amount/currency", "/reason"]);
    for (body, pointer) in [
        (json!({"amount": {"amount": -1, "currency": "EUR"}, "reason": "x"}), "/amount/amount"),
        (json!({"amount": {"amount": 1.5, "currency": "EUR"}, "reason": "x"}), "/amount/amount"),
        (json!({"amount": {"amount": 9_007_199_254_740_992_i64, "currency": "EUR"}, "reason": "x"}), "/amount/amount"),
        (json!({"amount": {"amount": 1, "currency": "eur"}, "reason": "x"}), "/amount/currency"),
        (json!({"amount": euro(1), "reason": "x".repeat(501)}), "/reason"),
        (json!({"amuont": euro(1), "reason": "x"}), "/amuont"),
        (json!({"amount": euro(1), "reason": "card 4111 1111 1111 1111"}), "/reason"),
    ] {
        let reply = app.refund(id, &body).await;
        reply.refused(422, "invalid-request");
        assert_eq!(reply.pointers(), [pointer]);
    }
    let path = format!("/payments/{id}/refunds");
    let operator = app.issuer.operator();
    let broken = app.post(&path).bearer_auth(&operator).header("content-type", "application/json").body("{");
    app.send(broken).await.refused(400, "malformed-body");
    app.send(app.post(&path).bearer_auth(&operator).body("x")).await.refused(415, "unsupported-media-type");
    assert_eq!(app.moved(id).await, [10_000]);
}

#[tokio::test]
async fn only_operators_and_clients_with_the_scope_refund() {
    let app = App::start().await;
    let payment = app.captured().await;
    let path = format!("/payments/{}/refunds", payment.id);
    app.send(app.post(&path).body("{")).await.refused(401, "authentication-required");
    let others =
        [app.issuer.customer(payment.customer_id), app.issuer.client("shop", &["orders:place"]), app.issuer.saga()];
    for token in others {
        app.send(app.post(&path).bearer_auth(token).body("{")).await.refused(403, "forbidden");
    }
    let missing = format!("/payments/{}/refunds", Id::<()>::mint());
    for path in [missing.as_str(), "/payments/nonsense/refunds"] {
        let reply = app.send(app.post(path).bearer_auth(app.issuer.operator()).body("{")).await;
        assert_eq!(reply.status, 404, "what is not there comes before what is wrong: {reply:?}");
    }
    let client = app.issuer.client("shop", &["payments:refund"]);
    app.send(app.post(&path).bearer_auth(client).json(&json!({"reason": "may I?"}))).await.refund();
}

/// Changes of many payments go to the engine together, and some of them meet a payment that has just changed.
#[tokio::test]
async fn in_a_crowd_each_charge_and_each_refund_counts_once() {
    let app = App::start().await;
    let ids = (0..20).map(|_| Id::mint()).collect::<Vec<_>>();
    let new = payment("tok_visa", 1_000);
    let charges = join_all(ids.iter().chain(&ids).map(|id| app.charge(*id, &new))).await;
    assert!(charges.iter().all(|reply| matches!(reply.status, 200 | 201)), "{charges:?}");
    let parts = json!({"amount": euro(100), "reason": "a part"});
    let refunds = join_all(ids.iter().chain(&ids).chain(&ids).map(|id| app.refund(*id, &parts))).await;
    assert!(refunds.iter().all(|reply| reply.status == 201), "{refunds:?}");
    for id in ids {
        assert_eq!(app.moved(id).await, [1_000, -100, -100, -100]);
        let log = app.log(id).await;
        let counted = |what: &str| log.iter().filter(|entry| entry.as_str() == what).count();
        assert_eq!((counted("charge succeeded 1000"), counted("refund succeeded 100")), (1, 3), "{log:?}");
    }
}
