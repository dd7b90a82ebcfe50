//! Lists of orders.

use contracts::Id;
use serde_json::json;

use crate::fixture::{Shop, field};

#[tokio::test(flavor = "multi_thread")]
async fn customers_list_their_own_orders_newest_first() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 50).await;
    let (ada, eve) = (Id::mint(), Id::mint());
    let mut placed = Vec::new();
    for _ in 0..3 {
        placed.insert(0, shop.place(ada, &[(lamp, 1)]).await.to_string());
        shop.place(eve, &[(lamp, 1)]).await;
    }
    let token = shop.issuer.customer(ada);
    assert_eq!(field(&shop.get("/orders", &token).await, "id"), placed);
    let foreign = shop.get(&format!("/orders?customer_id={eve}"), &token).await;
    assert_eq!(foreign.body, json!({"items": [], "next_cursor": null}));
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_and_clients_list_all_orders_and_filter_them() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 50).await;
    let ada = Id::mint();
    let pending = shop.place(ada, &[(lamp, 1)]).await.to_string();
    let paid = shop.sell(ada, &[(lamp, 1)]).await.to_string();
    let other = shop.sell(Id::mint(), &[(lamp, 1)]).await.to_string();
    for token in [shop.issuer.operator(), shop.issuer.client("shop", &["orders:place"])] {
        let list = async |query: &str| field(&shop.get(&format!("/orders{query}"), &token).await, "id");
        assert_eq!(list("").await, [other.clone(), paid.clone(), pending.clone()]);
        assert_eq!(list("?status=confirmed").await, [other.clone(), paid.clone()]);
        assert_eq!(list(&format!("?customer_id={ada}")).await, [paid.clone(), pending.clone()]);
        assert_eq!(list(&format!("?customer_id={ada}&status=pending")).await, [pending.as_str()]);
        assert_eq!(list("?status=shipped").await, Vec::<String>::new());
    }
    let place = json!({"created_us": i64::MAX, "id": ada});
    let made_up = format!("cursor={}", chassis::http::Cursor::write(&place).unwrap());
    for query in ["status=lost", "customer_id=1", "limit=1000", "cursor=x", &made_up, "state=pending"] {
        assert_eq!(shop.get(&format!("/orders?{query}"), &shop.issuer.operator()).await.status, 422, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_repeat_nor_skip_while_orders_come_in() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 50).await;
    let ada = Id::mint();
    let mut placed = Vec::new();
    for _ in 0..7 {
        placed.insert(0, shop.place(ada, &[(lamp, 1)]).await.to_string());
    }
    let token = shop.issuer.customer(ada);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.get(&format!("/orders?limit=3{cursor}"), &token).await;
        seen.extend(field(&page, "id"));
        shop.place(ada, &[(lamp, 1)]).await;
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, placed);
}
