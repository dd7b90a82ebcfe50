//! Refunds and voids that the provider has not answered for.

use std::time::Duration;

use contracts::{Id, Payment, PaymentStatus, RefundStatus};
use serde_json::json;
use testbed::wait::until;

use crate::fixture::{App, NOTHING, euro, payment};

const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again soon; the provider answers at once in these tests, so a short time-out does no harm.
const SOON: [(&str, &str); 4] = [
    ("PAYMENT_SERVICE__PROVIDER__TIMEOUT_MS", "99"),
    ("PAYMENT_SERVICE__ASK_AGAIN__AFTER_MS", "100"),
    ("PAYMENT_SERVICE__ASK_AGAIN__AFTER_MAX_MS", "400"),
    ("PAYMENT_SERVICE__ASK_AGAIN__PAUSE_MS", "20"),
];

async fn impatient() -> App {
    App::with(&SOON.map(|(name, value)| (name, value.to_owned()))).await
}

async fn comes_to(app: &App, id: Id<Payment>, status: PaymentStatus) {
    until("the payment is settled", PATIENCE, async || app.status(id).await == status).await.unwrap();
}

#[tokio::test]
async fn a_refund_without_an_answer_stays_pending_and_keeps_its_amount() {
    let app = App::start().await;
    let id = app.captured().await.id;
    app.bank.cut();
    let refund = app.refund(id, &json!({"amount": euro(6_000), "reason": "a scratch"})).await.refund();
    assert_eq!(refund.status, RefundStatus::Pending);
    assert_eq!(app.status(id).await, PaymentStatus::Captured);
    let detail = app.refund(id, &json!({"amount": euro(4_001), "reason": "more"})).await;
    assert!(detail.refused(409, "refund-exceeds-payment").contains("4000"), "what is asked for is reserved");
    assert_eq!(app.moved(id).await, [10_000]);
}

#[tokio::test]
async fn a_pending_refund_that_is_repeated_under_its_key_is_asked_about_again() {
    let app = App::start().await;
    let id = app.captured().await.id;
    let body = json!({"amount": euro(6_000), "reason": "a scratch"});
    app.bank.cut();
    let pending = app.refund_once(id, "key", &body).await.refund();
    app.bank.mend();
    let settled = app.refund_once(id, "key", &body).await.refund();
    assert_eq!((settled.id, settled.status), (pending.id, RefundStatus::Succeeded));
    assert_eq!(app.moved(id).await, [10_000, -6_000]);
}

#[tokio::test]
async fn the_provider_is_asked_again_until_its_answer_is_clear() {
    let app = impatient().await;
    let (id, new) = (Id::mint(), payment("tok_visa", 10_000));
    app.charge_until_clear(id, &new).await;
    app.bank.cut();
    let refund = app.refund(id, &json!({"reason": "all of it"})).await.refund();
    assert_eq!(refund.status, RefundStatus::Pending);
    app.bank.mend();
    comes_to(&app, id, PaymentStatus::Refunded).await;
    assert_eq!(app.moved(id).await, [10_000, -10_000]);
}

#[tokio::test]
async fn a_restart_does_not_forget_a_pending_refund_and_instances_do_not_double_it() {
    let mut app = App::start().await;
    let id = app.captured().await.id;
    app.bank.cut();
    app.refund(id, &json!({"reason": "all of it"})).await.refund();
    app.restart().await;
    assert_eq!(app.status(id).await, PaymentStatus::Captured);
    let clock = chassis::Clock::frozen(chassis::Clock::real().now() + chrono::Duration::hours(1));
    let later = app.cashier_at(clock).await;
    let due = later.payments().due(10).await.unwrap();
    assert_eq!(due.iter().map(payment_service::store::Due::id).collect::<Vec<_>>(), [id]);
    assert!(later.payments().take(&due[0]).await.unwrap());
    assert!(!later.payments().take(&due[0]).await.unwrap(), "taken is taken, until its time comes again");
    assert!(later.payments().due(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn several_instances_settle_a_refund_once() {
    let app = App::start().await;
    let id = app.captured().await.id;
    app.bank.cut();
    app.refund(id, &json!({"reason": "all of it"})).await.refund();
    let later = chassis::Clock::frozen(chassis::Clock::real().now() + chrono::Duration::hours(1));
    let tasks = chassis::Tasks::new();
    for _ in 0..3 {
        let instance = app.cashier_at(later.clone()).await;
        tasks.spawn_until_stop(instance.ask_again(Duration::from_millis(10)));
    }
    comes_to(&app, id, PaymentStatus::Refunded).await;
    tasks.stop();
    assert!(tasks.finish(PATIENCE).await);
    assert_eq!(app.moved(id).await, [10_000, -10_000]);
    let log = ["charge pending 10000", "charge succeeded 10000", "refund pending 10000", "refund succeeded 10000"];
    assert_eq!(app.log(id).await, log);
    assert!(app.cashier_at(later).await.payments().due(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_void_without_an_answer_is_finished_in_the_background() {
    let app = impatient().await;
    let (id, new) = (Id::mint(), payment("tok_lost", 4_990));
    app.charge(id, &new).await.refused(503, "payment-unclear");
    app.bank.cut();
    app.void(id).await.refused(503, "payment-unclear");
    assert_eq!(app.status(id).await, PaymentStatus::Pending);
    app.bank.mend();
    comes_to(&app, id, PaymentStatus::Voided).await;
    assert_eq!(app.moved(id).await, NOTHING);
}
