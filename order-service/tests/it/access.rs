//! Who may do what: a token comes first, then role and scope, then whether the thing is theirs, then the body.

use contracts::{Id, Order, Product};
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Shop, wish};

/// Every operation that wants a token.
fn guarded(order: Id<Order>, product: Id<Product>) -> Vec<(Method, String)> {
    vec![
        (Method::POST, "/products".to_owned()),
        (Method::PATCH, format!("/products/{product}")),
        (Method::POST, format!("/products/{product}/stock")),
        (Method::PUT, format!("/orders/{order}")),
        (Method::POST, format!("/orders/{order}/confirm")),
        (Method::POST, format!("/orders/{order}/ship")),
        (Method::POST, format!("/orders/{order}/deliver")),
        (Method::POST, format!("/orders/{order}/cancel")),
        (Method::GET, "/orders?limit=0".to_owned()),
        (Method::GET, format!("/orders/{order}")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_nothing_else_is_looked_at() {
    let shop = Shop::open().await;
    for (method, path) in guarded(Id::mint(), Id::mint()) {
        let bare = shop.http.request(method.clone(), format!("{}{path}", shop.url)).body("nonsense");
        assert_eq!(shop.send(bare).await.told(), "401 authentication-required", "{method} {path}");
        let bad = shop.ask(method.clone(), &path, "nonsense").body("nonsense");
        assert_eq!(shop.send(bad).await.told(), "401 invalid-token", "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_or_scope_comes_before_the_body() {
    let shop = Shop::open().await;
    let stranger = shop.issuer.client("stranger", &["customers:read"]);
    for (method, path) in guarded(Id::mint(), Id::mint()) {
        let request = shop.ask(method.clone(), &path, &stranger).body("nonsense");
        assert_eq!(shop.send(request).await.told(), "403 forbidden", "{method} {path}");
    }
    let customer = shop.issuer.customer(Id::<()>::mint());
    for (method, path) in guarded(Id::mint(), Id::mint()).into_iter().take(7) {
        let request = shop.ask(method.clone(), &path, &customer).body("nonsense");
        assert_eq!(shop.send(request).await.told(), "403 forbidden", "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_bus_places_and_confirms() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let order = Id::<Order>::mint();
    let wanted = wish(Id::mint(), &[(lamp, 1)]);
    for token in [shop.issuer.operator(), shop.issuer.client("shop", &["orders:place"])] {
        let put = shop.ask(Method::PUT, &format!("/orders/{order}"), &token).json(&wanted);
        assert_eq!(shop.send(put).await.told(), "403 forbidden");
        let confirm = shop.post(&format!("/orders/{order}/confirm"), &token, json!({"payment_id": order})).await;
        assert_eq!(confirm.told(), "403 forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_order_looks_absent_whatever_is_sent() {
    let shop = Shop::open().await;
    let lamp = shop.offer("LAMP", 100, 5).await;
    let (ada, eve) = (Id::mint(), Id::<()>::mint());
    let order = shop.place(ada, &[(lamp, 1)]).await;
    let path = format!("/orders/{order}");
    let (ada, eve) = (shop.issuer.customer(ada), shop.issuer.customer(eve));
    assert_eq!(shop.get(&path, &eve).await.told(), "404 not-found");
    assert_eq!(shop.cancel(order, &eve).await.told(), "404 not-found");
    let broken = shop.ask(Method::POST, &format!("{path}/cancel"), &eve).body("nonsense");
    assert_eq!(shop.send(broken).await.told(), "404 not-found");
    let readers = [ada, shop.issuer.operator(), shop.issuer.client("shop", &["orders:place"]), shop.issuer.saga()];
    for reader in readers {
        assert_eq!(shop.get(&path, &reader).await.told(), "200");
    }
    assert_eq!(shop.order(order).await["status"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_describes_every_operation_and_is_ready() {
    let shop = Shop::open().await;
    assert_eq!(shop.look("/health/ready").await.body["checks"]["mysql"], "up");
    let document = shop.look("/openapi.json").await.body;
    testbed::judge::openapi(&document).await.unwrap();
    for (method, path) in guarded(Id::mint(), Id::mint()) {
        let template =
            path.split('?').next().unwrap().split('/').map(|part| if part.len() == 36 { "{id}" } else { part });
        let template = template.collect::<Vec<_>>().join("/");
        let operation = &document["paths"][&template][method.as_str().to_lowercase()];
        assert!(operation["operationId"].is_string(), "{method} {template}");
        assert!(operation["responses"]["401"].is_object(), "{method} {template}");
    }
    for schema in ["Order", "OrderList", "Product", "ProductList", "NewOrder", "Problem", "StockChange"] {
        assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_passes_over_a_parameter_that_it_does_not_know() {
    let shop = Shop::open().await;
    let operator = shop.issuer.operator();
    let operations = testbed::judge::operations(&shop.look("/openapi.json").await.body);
    assert_eq!(operations.len(), 12);
    for (method, path) in operations {
        let refused = shop.send(shop.ask(method.clone(), &format!("{path}?zzz=1"), &operator)).await;
        assert_eq!(
            (refused.told().as_str(), refused.pointers()),
            ("422 invalid-query", vec!["/zzz"]),
            "{method} {path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_method_is_told_the_right_ones() {
    let shop = Shop::open().await;
    let request = shop.ask(Method::DELETE, "/products", &shop.issuer.operator());
    let refused = request.send().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers()["allow"].to_str().unwrap()), (405, "GET, POST"));
}
