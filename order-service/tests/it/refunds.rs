//! What payment-service tells about money that came back.

use contracts::{Currency, Id, Money, Order};
use order_service::Recorded;

use crate::fixture::Shop;

async fn told(shop: &Shop, order: Id<Order>, amount: i64, event: Id<()>) -> Recorded {
    let amount = Money::new(amount, Currency::EUR).expect("an amount");
    shop.store.record_refund(order, amount, event.uuid()).await.expect("recorded")
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_are_noted_once_per_event_and_never_go_back() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let order = shop.sell(Id::mint(), &[(lamp, 2)]).await;
    shop.cancel(order, &shop.issuer.operator()).await;
    let (first, second, late) = (Id::mint(), Id::mint(), Id::mint());
    assert_eq!(told(&shop, order, 50, first).await, Recorded::Now);
    assert_eq!(shop.order(order).await["refund"], "partial");
    assert_eq!(told(&shop, order, 50, first).await, Recorded::Before);
    assert_eq!(told(&shop, order, 200, second).await, Recorded::Now);
    assert_eq!(shop.order(order).await["refund"], "full");
    assert_eq!(told(&shop, order, 150, late).await, Recorded::NothingNew);
    assert_eq!(told(&shop, order, 150, late).await, Recorded::Before);
    let order = shop.order(order).await;
    assert_eq!((&order["refund"], order["history"].as_array().map(Vec::len)), (&"full".into(), Some(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_of_an_order_that_nobody_knows_changes_nothing() {
    let shop = Shop::open().await;
    assert_eq!(told(&shop, Id::mint(), 50, Id::mint()).await, Recorded::NoOrder);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_many_times_at_once_counts_once() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let order = shop.sell(Id::mint(), &[(lamp, 2)]).await;
    let event = Id::mint();
    let recorded = futures_util::future::join_all((0..10).map(|_| told(&shop, order, 50, event))).await;
    assert_eq!(recorded.iter().filter(|one| **one == Recorded::Now).count(), 1);
    assert_eq!(recorded.iter().filter(|one| **one == Recorded::Before).count(), 9);
}
