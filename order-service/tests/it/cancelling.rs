//! Giving orders up: by people, and by the saga that takes back what it began.

use contracts::{Id, Order};
use serde_json::json;

use crate::fixture::{Shop, wish};

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_gives_the_stock_back_and_says_who_and_why() {
    let shop = Shop::open().await;
    let (lamp, desk) = (shop.offer("LAMP", 100, 5).await, shop.offer("DESK", 100, 5).await);
    let ada = Id::mint();
    let order = shop.place(ada, &[(lamp, 2), (desk, 3)]).await;
    let cancelled = shop.cancel(order, &shop.issuer.customer(ada)).await;
    assert_eq!((cancelled.told().as_str(), &cancelled.body["status"]), ("200", &json!("cancelled")));
    assert_eq!(cancelled.body["cancel_reason"], "changed my mind");
    assert_eq!(cancelled.body["refund"], "none");
    assert_eq!(cancelled.body["history"][1]["by"], format!("customer:{ada}"));
    assert_eq!(cancelled.body["history"][1]["reason"], "changed my mind");
    assert_eq!((shop.stock_of(lamp).await, shop.stock_of(desk).await), (5, 5));
    let again = shop.cancel(order, &shop.issuer.operator()).await;
    assert_eq!((again.told().as_str(), &again.body), ("200", &cancelled.body));
    assert_eq!((shop.stock_of(lamp).await, shop.stock_of(desk).await), (5, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_money_of_a_paid_order_is_to_go_back() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let order = shop.sell(Id::mint(), &[(lamp, 2)]).await;
    let cancelled = shop.cancel(order, &shop.issuer.client("shop", &["orders:place"])).await;
    assert_eq!((&cancelled.body["status"], &cancelled.body["refund"]), (&json!("cancelled"), &json!("requested")));
    assert_eq!(cancelled.body["history"][2]["by"], "client:shop");
    assert_eq!(shop.stock_of(lamp).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_can_not_be_cancelled() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let order = shop.sell(Id::mint(), &[(lamp, 2)]).await;
    shop.ship(order, "DHL").await;
    for who in [shop.issuer.operator(), shop.issuer.saga()] {
        assert_eq!(shop.cancel(order, &who).await.told(), "409 illegal-transition");
    }
    shop.deliver(order).await;
    assert_eq!(shop.cancel(order, &shop.issuer.operator()).await.told(), "409 illegal-transition");
    assert_eq!(shop.stock_of(lamp).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_saga_takes_back_what_is_pending_but_not_what_is_confirmed() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let pending = shop.place(Id::mint(), &[(lamp, 2)]).await;
    assert_eq!(shop.cancel(pending, &shop.issuer.saga()).await.told(), "200");
    assert_eq!(shop.cancel(pending, &shop.issuer.saga()).await.told(), "200");
    assert_eq!(shop.stock_of(lamp).await, 5);
    let confirmed = shop.sell(Id::mint(), &[(lamp, 2)]).await;
    assert_eq!(shop.cancel(confirmed, &shop.issuer.saga()).await.told(), "409 illegal-transition");
    assert_eq!(shop.order(confirmed).await["status"], "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_taken_back_before_it_came_stays_away() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let (ada, order) = (Id::mint(), Id::<Order>::mint());
    assert_eq!(shop.cancel(order, &shop.issuer.saga()).await.told(), "204");
    assert_eq!(shop.cancel(order, &shop.issuer.saga()).await.told(), "204");
    assert_eq!(shop.put(order, &wish(ada, &[(lamp, 1)])).await.told(), "409 order-cancelled");
    assert_eq!(shop.get(&format!("/orders/{order}"), &shop.issuer.operator()).await.told(), "404 not-found");
    assert_eq!(shop.get("/orders", &shop.issuer.operator()).await.body["items"], json!([]));
    assert_eq!(shop.cancel(order, &shop.issuer.operator()).await.told(), "404 not-found");
    assert_eq!(shop.confirm(order, Id::mint()).await.told(), "404 not-found");
    assert_eq!(shop.ship(order, "DHL").await.told(), "404 not-found");
    assert_eq!(shop.stock_of(lamp).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_short_if_there_is_one() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let order = shop.place(Id::mint(), &[(lamp, 2)]).await;
    let path = format!("/orders/{order}/cancel");
    for reason in [" ".to_owned(), "r".repeat(501)] {
        let refused = shop.post(&path, &shop.issuer.operator(), json!({"reason": reason})).await;
        assert_eq!((refused.told().as_str(), refused.pointers()), ("422 invalid-request", vec!["/reason"]));
    }
    assert_eq!(shop.post(&path, &shop.issuer.operator(), json!({})).await.told(), "200");
}
