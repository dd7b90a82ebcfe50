//! The way of a paid order to its customer.

use contracts::Id;
use serde_json::json;

use crate::fixture::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_is_shipped_and_delivered_and_every_step_can_be_repeated() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let (order, payment) = (shop.place(Id::mint(), &[(lamp, 1)]).await, Id::mint());
    let confirmed = shop.confirm(order, payment).await;
    assert_eq!((confirmed.told().as_str(), confirmed.etag.as_str()), ("200", "\"2\""));
    assert_eq!(confirmed.body["payment_id"], payment.to_string());
    assert_eq!(shop.confirm(order, payment).await.body, confirmed.body);
    let shipped = shop.ship(order, "DHL").await;
    assert_eq!((&shipped.body["status"], &shipped.body["shipment"]), (&json!("shipped"), &json!({"carrier": "DHL"})));
    assert_eq!(shop.ship(order, "DHL").await.body, shipped.body);
    assert_eq!(shop.ship(order, "UPS").await.told(), "409 illegal-transition");
    let delivered = shop.deliver(order).await;
    assert_eq!(delivered.body["status"], "delivered");
    assert_eq!(shop.deliver(order).await.body, delivered.body);
    // The saga's repetition may come as late as this.
    assert_eq!(shop.confirm(order, payment).await.body, delivered.body);
    let history = delivered.body["history"].as_array().expect("a history");
    let steps = history.iter().map(|entry| entry["status"].as_str().expect("a status")).collect::<Vec<_>>();
    assert_eq!(steps, ["pending", "confirmed", "shipped", "delivered"]);
    assert_eq!(history[1]["by"], "client:esb");
    assert!(history[2]["by"].as_str().is_some_and(|by| by.starts_with("operator:")));
    assert_eq!(shop.order(order).await, delivered.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_step_is_left_out() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let pending = shop.place(Id::mint(), &[(lamp, 1)]).await;
    assert_eq!(shop.ship(pending, "DHL").await.told(), "409 illegal-transition");
    assert_eq!(shop.deliver(pending).await.told(), "409 illegal-transition");
    let confirmed = shop.sell(Id::mint(), &[(lamp, 1)]).await;
    assert_eq!(shop.deliver(confirmed).await.told(), "409 illegal-transition");
    assert_eq!(shop.confirm(confirmed, Id::mint()).await.told(), "409 paid-otherwise");
    let cancelled = shop.place(Id::mint(), &[(lamp, 1)]).await;
    shop.cancel(cancelled, &shop.issuer.operator()).await;
    assert_eq!(shop.confirm(cancelled, Id::mint()).await.told(), "409 order-cancelled");
    assert_eq!(shop.ship(cancelled, "DHL").await.told(), "409 order-cancelled");
    assert_eq!(shop.confirm(Id::mint(), Id::mint()).await.told(), "404 not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipment_is_described_in_few_words() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let path = format!("/orders/{}/ship", shop.sell(Id::mint(), &[(lamp, 1)]).await);
    let operator = shop.issuer.operator();
    let refused = shop.post(&path, &operator, json!({"carrier": ""})).await;
    assert_eq!((refused.told().as_str(), refused.pointers()), ("422 invalid-request", vec!["/carrier"]));
    let refused = shop.post(&path, &operator, json!({"tracking_number": "1".repeat(101)})).await;
    assert_eq!(refused.pointers(), ["/tracking_number"]);
    let shipped = shop.post(&path, &operator, json!({})).await;
    assert_eq!((shipped.told().as_str(), &shipped.body["shipment"]), ("200", &json!({})));
    assert_eq!(shop.post(&path, &operator, json!({})).await.body, shipped.body);
}
