//! Placing orders, as the saga does it.

use contracts::Id;
use serde_json::{Value, json};

use crate::fixture::{Shop, wish};

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_priced_and_its_stock_is_reserved() {
    let shop = Shop::open().await;
    let (lamp, desk) = (shop.offer("LAMP", 1250, 10).await, shop.offer("DESK", 20_000, 3).await);
    let (customer, id) = (Id::mint(), Id::mint());
    let mut wanted = wish(customer, &[(desk, 1), (lamp, 2)]);
    wanted["placed_by"] = json!("customer:0190a1b2-0000-7000-8000-00000000000f");
    wanted["expected_total"] = json!({"amount": 22_500, "currency": "EUR"});
    let placed = shop.put(id, &wanted).await;
    assert_eq!((placed.told().as_str(), placed.etag.as_str()), ("201", "\"1\""));
    assert_eq!(placed.location, format!("/orders/{id}"));
    assert_eq!(placed.body["total"], json!({"amount": 22_500, "currency": "EUR"}));
    assert_eq!(placed.body["items"][1]["total"]["amount"], 2500);
    assert_eq!(placed.body["items"][0]["name"], "the DESK");
    assert_eq!((&placed.body["status"], &placed.body["refund"]), (&json!("pending"), &json!("none")));
    assert_eq!(placed.body["history"][0]["by"], "customer:0190a1b2-0000-7000-8000-00000000000f");
    assert_eq!(shop.order(id).await, placed.body);
    assert_eq!((shop.stock_of(lamp).await, shop.stock_of(desk).await), (8, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_order_again_is_the_same_order() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 1250, 10).await;
    let (customer, id) = (Id::mint(), Id::mint());
    let wanted = wish(customer, &[(lamp, 2)]);
    let first = shop.put(id, &wanted).await;
    let again = shop.put(id, &wanted).await;
    assert_eq!((again.told().as_str(), &again.body), ("200", &first.body));
    shop.confirm(id, Id::mint()).await;
    shop.patch(&format!("/products/{lamp}"), None, json!({"active": false})).await;
    let moved_on = shop.put(id, &wanted).await;
    assert_eq!((moved_on.told().as_str(), &moved_on.body["status"]), ("200", &json!("confirmed")));
    assert_eq!(shop.stock_of(lamp).await, 8);
    for other in [wish(Id::mint(), &[(lamp, 2)]), wish(customer, &[(lamp, 3)])] {
        assert_eq!(shop.put(id, &other).await.told(), "409 order-exists");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_needs_lines_that_make_sense() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 1250, 10).await;
    let mut twice = wish(Id::mint(), &[(lamp, 0), (lamp, 1001)]);
    twice["shipping_address"]["country"] = json!("Germany");
    twice["placed_by"] = json!("somebody");
    let refused = shop.put(Id::mint(), &twice).await;
    let wrong = ["/items/0/quantity", "/items/1/quantity", "/items/1/product_id", "/shipping_address/country"];
    assert_eq!(refused.told(), "422 invalid-request");
    assert_eq!(refused.pointers(), [&wrong[..], &["/placed_by"]].concat());
    assert_eq!(shop.put(Id::mint(), &wish(Id::mint(), &[])).await.pointers(), ["/items"]);
    let many = (0..101).map(|_| (Id::mint(), 1)).collect::<Vec<_>>();
    assert_eq!(shop.put(Id::mint(), &wish(Id::mint(), &many)).await.pointers(), ["/items"]);
    let mut negative = wish(Id::mint(), &[(lamp, 1)]);
    negative["items"][0]["quantity"] = json!(-1);
    assert_eq!(shop.put(Id::mint(), &negative).await.pointers(), ["/items/0/quantity"]);
    assert_eq!(shop.stock_of(lamp).await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sold_can_not_be_ordered() {
    let shop = Shop::open().await;
    let (lamp, gone) = (shop.offer("LAMP", 1250, 10).await, shop.offer("DESK", 1, 10).await);
    shop.place(Id::mint(), &[(gone, 1)]).await;
    shop.patch(&format!("/products/{gone}"), None, json!({"active": false})).await;
    let unknown = Id::mint();
    let refused = shop.put(Id::mint(), &wish(Id::mint(), &[(lamp, 1), (gone, 1), (unknown, 1)])).await;
    assert_eq!(refused.told(), "404 product-not-found");
    assert_eq!(refused.pointers(), ["/items/1/product_id", "/items/2/product_id"]);
    assert!(refused.detail().contains(&unknown.to_string()));
    assert_eq!(shop.stock_of(lamp).await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_there_is_can_not_be_ordered() {
    let shop = Shop::open().await;
    let (lamp, desk) = (shop.offer("LAMP", 1250, 10).await, shop.offer("DESK", 1, 2).await);
    let refused = shop.put(Id::mint(), &wish(Id::mint(), &[(lamp, 1), (desk, 3)])).await;
    assert_eq!((refused.told().as_str(), refused.pointers()), ("409 out-of-stock", vec!["/items/1/quantity"]));
    assert!(refused.detail().contains("`the DESK` 2 are left"), "{}", refused.detail());
    assert_eq!((shop.stock_of(lamp).await, shop.stock_of(desk).await), (10, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_changed_is_told() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 1000, 10).await;
    let mut wanted = wish(Id::mint(), &[(lamp, 2)]);
    wanted["expected_total"] = json!({"amount": 2000, "currency": "EUR"});
    assert_eq!(shop.put(Id::mint(), &wanted).await.told(), "201");
    // This instance remembers the old price, and must not sell at it.
    let edit = order_service_elsewhere(&shop).await;
    edit.patch(&format!("/products/{lamp}"), None, json!({"price": {"amount": 1100, "currency": "EUR"}})).await;
    let refused = shop.put(Id::mint(), &wanted).await;
    assert_eq!(refused.told(), "409 price-changed");
    assert!(refused.detail().contains("2200"), "{}", refused.detail());
    wanted["expected_total"] = json!({"amount": 2200, "currency": "USD"});
    assert_eq!(shop.put(Id::mint(), &wanted).await.told(), "409 price-changed");
    wanted["expected_total"] = Value::Null;
    let _nothing_expected = wanted.as_object_mut().and_then(|fields| fields.remove("expected_total"));
    assert_eq!(shop.put(Id::mint(), &wanted).await.body["total"]["amount"], 2200);
}

/// Another instance of the service, on the same database.
async fn order_service_elsewhere(shop: &Shop) -> Shop {
    use secrecy::ExposeSecret;
    Shop::open_on(shop.settings.database.url.expose_secret()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn currencies_are_not_mixed_and_totals_not_endless() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 1000, 10).await;
    let costly = shop.offer("DESK", (1 << 53) - 1, 10).await;
    let abroad = json!({"sku": "X", "name": "x", "description": "x", "price": {"amount": 5, "currency": "USD"}});
    let abroad = shop.post("/products", &shop.issuer.operator(), abroad).await.body["id"].clone();
    let mut mixed = wish(Id::mint(), &[(lamp, 1), (costly, 1)]);
    mixed["items"][1]["product_id"] = abroad;
    let refused = shop.put(Id::mint(), &mixed).await;
    assert_eq!((refused.told().as_str(), refused.pointers()), ("422 invalid-request", vec!["/items/1/product_id"]));
    let twice = shop.put(Id::mint(), &wish(Id::mint(), &[(costly, 2)])).await;
    assert_eq!((twice.told().as_str(), twice.pointers()), ("422 invalid-request", vec!["/items/0/quantity"]));
    let together = shop.put(Id::mint(), &wish(Id::mint(), &[(costly, 1), (lamp, 1)])).await;
    assert_eq!((together.told().as_str(), together.pointers()), ("422 invalid-request", vec!["/items"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_lines_with_strange_names_come_back_as_they_were() {
    let shop = Shop::open().await;
    let name = "Ünïcode \"quotes\" 'n\\' \u{1f600} </a> --";
    let mut lines = Vec::new();
    for number in 0..100 {
        let id = shop.offer(&format!("SKU-{number}"), 1, 5).await;
        lines.push((id, 1 + number % 5));
    }
    shop.patch(&format!("/products/{}", lines[7].0), None, json!({"name": name})).await;
    let id = shop.place(Id::mint(), &lines).await;
    let order = shop.order(id).await;
    assert_eq!(order["items"][7]["name"], name);
    assert_eq!(order["total"]["amount"], 300);
    for (product, quantity) in lines {
        assert_eq!(shop.stock_of(product).await, 5 - i64::from(quantity));
    }
}
