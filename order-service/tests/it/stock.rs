//! Stock that operators book.

use contracts::{Id, Product};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Reply, Shop};

async fn book(shop: &Shop, id: Id<Product>, key: &str, change: &Value) -> Reply {
    let path = format!("/products/{id}/stock");
    let request = shop.ask(Method::POST, &path, &shop.issuer.operator()).header("idempotency-key", key);
    shop.send(request.json(change)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_comes_and_goes_but_never_below_nothing() {
    let shop = Shop::open().await;
    let id = shop.offer("LAMP", 100, 0).await;
    assert_eq!(shop.restock(id, 10).await.body["stock"], 10);
    assert_eq!(shop.restock(id, -4).await.body["stock"], 6);
    let refused = shop.restock(id, -7).await;
    assert_eq!(refused.told(), "409 insufficient-stock");
    assert!(refused.detail().contains("only 6"), "{}", refused.detail());
    assert_eq!(shop.stock_of(id).await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_says_how_much_and_why() {
    let shop = Shop::open().await;
    let id = shop.offer("LAMP", 100, 0).await;
    let operator = shop.issuer.operator();
    let path = format!("/products/{id}/stock");
    let refused = shop.post(&path, &operator, json!({"delta": 0, "reason": " "})).await;
    assert_eq!((refused.told().as_str(), refused.pointers()), ("422 invalid-request", vec!["/delta", "/reason"]));
    let huge = shop.post(&path, &operator, json!({"delta": i64::MAX, "reason": "x"})).await;
    assert_eq!(huge.pointers(), ["/delta"]);
    let unknown = shop.restock(Id::mint(), 1).await;
    assert_eq!(unknown.told(), "404 not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_books_once_and_answers_the_same_again() {
    let shop = Shop::open().await;
    let id = shop.offer("LAMP", 100, 0).await;
    let change = json!({"delta": 5, "reason": "delivery 17"});
    let first = book(&shop, id, "delivery-17", &change).await;
    shop.restock(id, 1).await;
    let again = book(&shop, id, "delivery-17", &change).await;
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(again.body, first.body);
    assert_eq!(shop.stock_of(id).await, 6);
    let other = book(&shop, id, "delivery-17", &json!({"delta": 6, "reason": "delivery 17"})).await;
    assert_eq!(other.told(), "422 idempotency-mismatch");
    assert_eq!(book(&shop, id, &"k".repeat(256), &change).await.told(), "422 invalid-idempotency-key");
    assert_eq!(shop.stock_of(id).await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_comes_twenty_times_at_once_books_once() {
    let shop = Shop::open().await;
    let id = shop.offer("LAMP", 100, 0).await;
    let change = json!({"delta": 5, "reason": "delivery 17"});
    let replies = futures_util::future::join_all((0..20).map(|_| book(&shop, id, "delivery-17", &change))).await;
    assert!(replies.iter().all(|reply| reply.told() == "200" && reply.body["stock"] == 5), "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| !reply.replayed).count(), 1);
    assert_eq!(shop.stock_of(id).await, 5);
}
