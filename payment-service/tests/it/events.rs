//! What others learn of payments.

use std::time::Duration;

use chassis::outbox::{Outbox as _, Unsent};
use contracts::{Event, Id, Payment, PaymentStatus};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{App, euro, payment};

fn told(events: &[Unsent]) -> Vec<(&str, &str)> {
    events.iter().map(|event| (event.kind.as_str(), event.subject.as_str())).collect()
}

fn read(unsent: &Unsent) -> Event<Payment> {
    serde_json::from_slice(&unsent.body).unwrap()
}

#[tokio::test]
async fn each_change_is_told_with_the_payment_as_it_stood_then() {
    let app = App::start().await;
    let id = app.captured().await.id;
    app.refund(id, &json!({"amount": euro(4_000), "reason": "a scratch"})).await.refund();
    app.refund(id, &json!({"reason": "broken after all"})).await.refund();
    let declined = Id::mint();
    app.charge(declined, &payment("tok_declined", 100)).await;
    let outbox = app.cashier().await.payments().clone();
    let unsent = outbox.unsent(100).await.unwrap();
    let (id, declined) = (id.to_string(), declined.to_string());
    let refunded = ("payment.refunded", id.as_str());
    let expected = [("payment.captured", id.as_str()), refunded, refunded, ("payment.declined", declined.as_str())];
    assert_eq!(told(&unsent), expected);
    let events = unsent.iter().map(read).collect::<Vec<_>>();
    let stages = events.iter().map(|event| (event.data.status, event.data.refunded.amount())).collect::<Vec<_>>();
    let expected = [
        (PaymentStatus::Captured, 0),
        (PaymentStatus::PartiallyRefunded, 4_000),
        (PaymentStatus::Refunded, 10_000),
        (PaymentStatus::Declined, 0),
    ];
    assert_eq!(stages, expected);
    for (event, unsent) in events.iter().zip(&unsent) {
        assert_eq!((event.specversion.as_str(), event.source.as_str()), ("1.0", "/payment-service"));
        assert_eq!((event.id, &event.kind, &event.subject), (unsent.id, &unsent.kind, &unsent.subject));
        assert_eq!(event.time, event.data.updated_at);
        assert!(event.traceparent.is_some(), "the trace of the request goes on");
    }
}

#[tokio::test]
async fn a_repeated_charge_is_told_once() {
    let app = App::start().await;
    let (id, new) = (Id::mint(), payment("tok_visa", 100));
    for _ in 0..3 {
        app.charge(id, &new).await;
    }
    assert_eq!(app.cashier().await.payments().unsent(100).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_sent_is_forgotten_and_the_rest_stays_in_order() {
    let app = App::start().await;
    let (first, second) = (app.captured().await.id, app.captured().await.id);
    app.refund(first, &json!({"reason": "all of it"})).await.refund();
    let outbox = app.cashier().await.payments().clone();
    let all = outbox.unsent(100).await.unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(outbox.unsent(2).await.unwrap(), all[..2], "the oldest first, and no more than asked for");
    outbox.forget(&all[..1]).await.unwrap();
    assert_eq!(outbox.unsent(100).await.unwrap(), all[1..]);
    outbox.forget(&all[..1]).await.unwrap();
    outbox.forget(&all).await.unwrap();
    assert!(outbox.unsent(100).await.unwrap().is_empty());
    app.refund(second, &json!({"reason": "all of it"})).await.refund();
    assert_eq!(told(&outbox.unsent(100).await.unwrap()), [("payment.refunded", second.to_string().as_str())]);
}

#[tokio::test]
async fn one_instance_leads_until_its_lease_ends() {
    let app = App::start().await;
    let ahead = chassis::Clock::frozen(chassis::Clock::real().now() + chrono::Duration::hours(1));
    let outbox = app.cashier_at(chassis::Clock::real()).await.payments().clone();
    let hasty = app.cashier_at(ahead).await.payments().clone();
    let (one, two, lease) = (Uuid::from_u128(1), Uuid::from_u128(2), Duration::from_mins(1));
    assert!(outbox.lead(one, lease).await.unwrap());
    assert!(!outbox.lead(two, lease).await.unwrap());
    assert!(!hasty.lead(two, lease).await.unwrap(), "another clock ends no lease");
    assert!(outbox.lead(one, Duration::ZERO).await.unwrap(), "who leads may go on");
    assert!(hasty.lead(two, Duration::ZERO).await.unwrap());
    assert!(outbox.lead(one, lease).await.unwrap(), "nor does it make one longer");
    assert!(!hasty.lead(two, lease).await.unwrap());
}
