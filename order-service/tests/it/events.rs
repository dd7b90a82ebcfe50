//! What the bus is told: written with the change, in order, until it is confirmed.

use std::time::Duration;

use chassis::outbox::Outbox;
use contracts::{Event, Id, Order};
use serde_json::Value;

use crate::fixture::{Shop, wish};

async fn told(shop: &Shop) -> Vec<Event<Value>> {
    let unsent = shop.store.unsent(100).await.expect("the outbox");
    unsent.iter().map(|event| serde_json::from_slice(&event.body).expect("a CloudEvent")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_an_order_is_told_with_the_whole_order() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let order = shop.place(Id::mint(), &[(lamp, 1)]).await;
    let payment = Id::mint();
    let confirmed = shop.confirm(order, payment).await;
    shop.confirm(order, payment).await;
    let shipped = shop.ship(order, "DHL").await;
    let delivered = shop.deliver(order).await;
    let cancelled = shop.place(Id::mint(), &[(lamp, 1)]).await;
    shop.cancel(cancelled, &shop.issuer.operator()).await;
    let events = told(&shop).await;
    let kinds = events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>();
    let life = ["order.created", "order.confirmed", "order.shipped", "order.delivered"];
    assert_eq!(kinds, [&["product.stock_changed"], &life[..], &["order.created", "order.cancelled"]].concat());
    assert_eq!(events[0].data["stock"], 5);
    assert_eq!([&events[2].data, &events[3].data, &events[4].data], [&confirmed.body, &shipped.body, &delivered.body]);
    for event in &events[1..5] {
        assert_eq!((event.subject.as_str(), event.source.as_str()), (order.to_string().as_str(), "/order-service"));
        assert!(event.traceparent.as_deref().is_some_and(|parent| parent.starts_with("00-")), "{event:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_not_told() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 0).await;
    shop.put(Id::mint(), &wish(Id::mint(), &[(lamp, 1)])).await;
    shop.cancel(Id::<Order>::mint(), &shop.issuer.saga()).await;
    shop.restock(lamp, -1).await;
    assert_eq!(told(&shop).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_and_a_request_go_on_in_the_event() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 0).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = shop.ask(reqwest::Method::POST, &format!("/products/{lamp}/stock"), &shop.issuer.operator());
    let request = request.header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    let request = request.header("x-request-id", "delivery-17");
    shop.send(request.json(&serde_json::json!({"delta": 1, "reason": "delivery"}))).await;
    let event = told(&shop).await.remove(0);
    assert!(event.traceparent.as_deref().is_some_and(|parent| parent.contains(trace)));
    assert_eq!(event.requestid.as_deref(), Some("delivery-17"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_confirmed_is_forgotten_and_the_rest_stays() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    shop.place(Id::mint(), &[(lamp, 1)]).await;
    let first = shop.store.unsent(1).await.expect("the outbox");
    assert_eq!(first[0].kind, "product.stock_changed");
    shop.store.forget(&first).await.expect("forgotten");
    let rest = shop.store.unsent(10).await.expect("the outbox");
    assert_eq!(rest.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["order.created"]);
    shop.store.forget(&[]).await.expect("nothing forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_leads_until_its_lease_ends() {
    let shop = Shop::open().await;
    let (first, second) = (Id::<()>::mint().uuid(), Id::<()>::mint().uuid());
    let long = Duration::from_mins(1);
    assert!(shop.store.lead(first, long).await.expect("asked"));
    assert!(!shop.store.lead(second, long).await.expect("asked"));
    assert!(shop.store.lead(first, Duration::ZERO).await.expect("asked"));
    assert!(shop.store.lead(second, long).await.expect("asked"));
    assert!(!shop.store.lead(first, long).await.expect("asked"));
}
