//! The catalogue: what operators write, and what everybody reads.

use contracts::{Id, Product};
use serde_json::json;

use crate::fixture::{Shop, field};

#[tokio::test(flavor = "multi_thread")]
async fn a_product_can_be_added_and_then_seen_by_anyone() {
    let shop = Shop::open().await;
    let new = json!({
        "sku": " LAMP-1 ", "name": "Desk lamp", "description": "It glows.",
        "price": {"amount": 4990, "currency": "EUR"}, "image_url": "/images/lamp.svg"
    });
    let added = shop.post("/products", &shop.issuer.operator(), new).await;
    assert_eq!((added.told().as_str(), added.etag.as_str()), ("201", "\"1\""));
    let seen = shop.look(&added.location).await;
    assert_eq!(seen.body, added.body);
    assert_eq!(seen.body["sku"], "LAMP-1");
    assert_eq!(seen.body["stock"], 0);
    assert_eq!(seen.body["active"], true);
    assert_eq!(seen.body["image_url"], "/images/lamp.svg");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_wrong_with_a_product_is_told_at_once() {
    let shop = Shop::open().await;
    let new = json!({
        "sku": "  ", "name": "n".repeat(201), "description": "", "price": {"amount": 0, "currency": "EUR"},
        "image_url": "javascript:alert(1)"
    });
    let refused = shop.post("/products", &shop.issuer.operator(), new).await;
    assert_eq!(refused.told(), "422 invalid-request");
    assert_eq!(refused.pointers(), ["/sku", "/name", "/description", "/price/amount", "/image_url"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_and_misspelt_bodies_are_told_apart() {
    let shop = Shop::open().await;
    let operator = shop.issuer.operator();
    let new =
        json!({"sku": "A", "name": "a", "description": "a", "price": {"amount": 1, "currency": "EUR"}, "stok": 1});
    let misspelt = shop.post("/products", &operator, new).await;
    assert_eq!((misspelt.told().as_str(), misspelt.pointers()), ("422 invalid-request", vec!["/stok"]));
    let request = shop.ask(reqwest::Method::POST, "/products", &operator).header("content-type", "application/json");
    assert_eq!(shop.send(request.body("{\"sku\":")).await.told(), "400 malformed-body");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sku_belongs_to_one_product_whatever_its_case() {
    let shop = Shop::open().await;
    shop.offer("LAMP", 100, 0).await;
    let other = shop.offer("DESK", 100, 0).await;
    let again = json!({"sku": "lamp", "name": "x", "description": "x", "price": {"amount": 1, "currency": "EUR"}});
    assert_eq!(shop.post("/products", &shop.issuer.operator(), again).await.told(), "409 sku-taken");
    assert_eq!(shop.patch(&format!("/products/{other}"), None, json!({"sku": "LAMP"})).await.told(), "409 sku-taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_touches_only_what_it_names() {
    let shop = Shop::open().await;
    let path = format!("/products/{}", shop.offer("LAMP", 100, 7).await);
    let changed = shop.patch(&path, Some("\"1\""), json!({"price": {"amount": 120, "currency": "EUR"}})).await;
    assert_eq!((changed.told().as_str(), changed.etag.as_str()), ("200", "\"2\""));
    assert_eq!(changed.body["price"]["amount"], 120);
    assert_eq!((&changed.body["name"], &changed.body["stock"]), (&json!("the LAMP"), &json!(7)));
    assert_eq!(shop.patch(&path, Some("\"1\""), json!({"name": "late"})).await.told(), "412 stale");
    assert_eq!(shop.patch(&path, None, json!({"name": "any"})).await.body["name"], "any");
    assert_eq!(shop.patch(&path, None, json!({"name": ""})).await.pointers(), ["/name"]);
    assert_eq!(
        shop.patch(&format!("/products/{}", Id::<Product>::mint()), None, json!({})).await.told(),
        "404 not-found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_sold_is_hidden_from_all_but_operators() {
    let shop = Shop::open().await;
    let path = format!("/products/{}", shop.offer("LAMP", 100, 0).await);
    shop.patch(&path, None, json!({"active": false})).await;
    assert_eq!(shop.look(&path).await.told(), "404 not-found");
    assert_eq!(field(&shop.look("/products").await, "sku"), Vec::<String>::new());
    assert_eq!(shop.get(&path, &shop.issuer.operator()).await.told(), "200");
    assert_eq!(field(&shop.get("/products", &shop.issuer.operator()).await, "sku"), ["LAMP"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn products_are_found_by_any_part_of_their_texts_and_wildcards_mean_themselves() {
    let shop = Shop::open().await;
    for sku in ["Lamp", "Desk", "50%_off!"] {
        shop.offer(sku, 100, 0).await;
    }
    for (query, skus) in [
        ("LAM", vec!["Lamp"]),
        ("very%20good%20dESK", vec!["Desk"]),
        ("%25", vec!["50%_off!"]),
        ("_o", vec!["50%_off!"]),
        ("!", vec!["50%_off!"]),
        ("%5C", vec![]),
        ("the", vec!["50%_off!", "Desk", "Lamp"]),
        ("'%20OR%201=1%20--", vec![]),
    ] {
        assert_eq!(field(&shop.look(&format!("/products?query={query}")).await, "sku"), skus, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_comes_in_pages_by_name() {
    let shop = Shop::open().await;
    for sku in ["e", "B", "d", "A", "c"] {
        shop.offer(sku, 100, 0).await;
    }
    let first = shop.look("/products?limit=2").await;
    assert_eq!(field(&first, "sku"), ["A", "B"]);
    // A product that comes in before the cursor moves nothing.
    shop.offer("AA", 100, 0).await;
    let cursor = first.body["next_cursor"].as_str().expect("a cursor");
    let second = shop.look(&format!("/products?limit=2&cursor={cursor}")).await;
    assert_eq!(field(&second, "sku"), ["c", "d"]);
    let cursor = second.body["next_cursor"].as_str().expect("a cursor");
    let last = shop.look(&format!("/products?limit=2&cursor={cursor}")).await;
    assert_eq!((field(&last, "sku"), &last.body["next_cursor"]), (vec!["e".to_owned()], &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_refused() {
    let shop = Shop::open().await;
    for query in ["limit=0", "limit=101", "limit=x", "cursor=nonsense", "limt=1"] {
        assert_eq!(shop.look(&format!("/products?{query}")).await.status, 422, "{query}");
    }
}
