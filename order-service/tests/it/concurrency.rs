//! Many at once: nothing is oversold, nothing is done twice, and nobody is told that the engine was busy.

use std::collections::HashMap;

use contracts::{Id, Order, Product};
use futures_util::future::join_all;
use serde_json::json;

use crate::fixture::{Reply, Shop, wish};

fn count(replies: &[Reply]) -> HashMap<String, usize> {
    replies.iter().fold(HashMap::new(), |mut counts, reply| {
        *counts.entry(reply.told()).or_default() += 1;
        counts
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_buyers_of_the_last_ten_exactly_ten_get_one() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 10).await;
    let buyers = (0..100).map(|_| async { shop.put(Id::mint(), &wish(Id::mint(), &[(lamp, 1)])).await });
    let counts = count(&join_all(buyers).await);
    assert_eq!(counts, HashMap::from([("201".to_owned(), 10), ("409 out-of-stock".to_owned(), 90)]));
    assert_eq!(shop.stock_of(lamp).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_the_same_products_in_any_order_of_lines_all_succeed() {
    let shop = Shop::open().await;
    let mut products = Vec::<Id<Product>>::new();
    for number in 0..4 {
        products.push(shop.offer(&format!("SKU-{number}"), 100, 60).await);
    }
    let buyers = (0..60_usize).map(|turn| {
        let mut lines = products.iter().map(|id| (*id, 1)).collect::<Vec<_>>();
        lines.rotate_left(turn % 4);
        if turn % 2 == 0 {
            lines.reverse();
        }
        let shop = &shop;
        async move { shop.put(Id::mint(), &wish(Id::mint(), &lines)).await }
    });
    assert_eq!(count(&join_all(buyers).await), HashMap::from([("201".to_owned(), 60)]));
    for product in products {
        assert_eq!(shop.stock_of(product).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_comes_twenty_times_at_once_is_placed_once() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 10).await;
    let (order, wanted) = (Id::<Order>::mint(), wish(Id::mint(), &[(lamp, 1)]));
    let counts = count(&join_all((0..20).map(|_| shop.put(order, &wanted))).await);
    assert_eq!(counts.values().sum::<usize>(), 20);
    assert_eq!(counts.get("201").copied().unwrap_or_default() + counts.get("200").copied().unwrap_or_default(), 20);
    assert_eq!(counts.get("201"), Some(&1));
    assert_eq!(shop.stock_of(lamp).await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_cancelling_and_shipping_at_once_exactly_one_wins() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 100).await;
    for _ in 0..10 {
        let order = shop.sell(Id::mint(), &[(lamp, 1)]).await;
        let operator = shop.issuer.operator();
        let (cancelled, shipped) = tokio::join!(shop.cancel(order, &operator), shop.ship(order, "DHL"));
        let expected = match shop.order(order).await["status"].as_str() {
            Some("cancelled") => ("200", "409 order-cancelled"),
            Some("shipped") => ("409 illegal-transition", "200"),
            other => panic!("neither: {other:?}"),
        };
        assert_eq!((cancelled.told().as_str(), shipped.told().as_str()), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_placing_and_taking_back_at_once_nothing_is_left() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 20).await;
    for _ in 0..10 {
        let (order, wanted) = (Id::<Order>::mint(), wish(Id::mint(), &[(lamp, 1)]));
        let saga = shop.issuer.saga();
        let (placed, cancelled) = tokio::join!(shop.put(order, &wanted), shop.cancel(order, &saga));
        match (placed.told().as_str(), cancelled.told().as_str()) {
            ("201", "200") | ("409 order-cancelled", "204") => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(shop.stock_of(lamp).await, 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_cancelled_ten_times_at_once_gives_its_stock_back_once() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 10).await;
    let order = shop.sell(Id::mint(), &[(lamp, 4)]).await;
    let operator = shop.issuer.operator();
    let counts = count(&join_all((0..10).map(|_| shop.cancel(order, &operator))).await);
    assert_eq!(counts, HashMap::from([("200".to_owned(), 10)]));
    assert_eq!(shop.stock_of(lamp).await, 10);
    assert_eq!(shop.order(order).await["history"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_at_a_price_that_keeps_changing_are_all_at_one_of_its_values() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 40).await;
    let path = format!("/products/{lamp}");
    let prices = async {
        for amount in [200, 300, 400] {
            shop.patch(&path, None, json!({"price": {"amount": amount, "currency": "EUR"}})).await;
        }
    };
    let sales = join_all((0..40).map(|_| async { shop.put(Id::mint(), &wish(Id::mint(), &[(lamp, 1)])).await }));
    let (sold, ()) = tokio::join!(sales, prices);
    for sale in &sold {
        assert_eq!(sale.told(), "201");
        assert_eq!(sale.body["total"]["amount"].as_i64().map(|amount| amount % 100), Some(0));
    }
    assert_eq!(shop.stock_of(lamp).await, 0);
}
