//! Every mistake gets its status and a problem that says what to change, and changes nothing.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Shopper, World, new_key};

struct Shop {
    world: World,
    shopper: Shopper,
    lamp: String,
}

impl Shop {
    async fn open() -> Self {
        let world = World::start().await;
        let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
        Self { world, shopper, lamp }
    }

    /// A good order after one change.
    async fn place(&self, change: impl FnOnce(&mut Value)) -> Answer {
        let mut order = self.shopper.wants(&self.lamp, 1, "tok_visa");
        change(&mut order);
        self.world.place(&self.shopper, &order, Some(&new_key())).await
    }

    async fn nothing_has_changed(&self) {
        assert_eq!(self.world.stock(&self.lamp).await, 10);
        let payments = self.world.get("/payments", &self.shopper.token).await;
        assert_eq!(payments.is(200).body["items"], json!([]));
        let orders = self.world.get("/orders", &self.shopper.token).await;
        for order in orders.is(200).body["items"].as_array().unwrap() {
            assert_eq!(order["status"], "cancelled");
            assert!(!order["cancel_reason"].as_str().unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn orders_that_can_not_be() {
    let shop = Shop::open().await;
    for quantity in [json!(0), json!(-1), json!(1001), json!(i64::MAX), json!(1.5), json!("1"), json!(null)] {
        let refused = shop.place(|order| order["items"][0]["quantity"] = quantity.clone()).await;
        refused.refused(422, "invalid-request");
        assert_eq!(refused.pointers(), ["/items/0/quantity"], "{quantity}");
    }
    assert_eq!(
        shop.place(|order| order["items"] = json!([])).await.refused(422, "invalid-request").pointers(),
        ["/items"]
    );
    let line = json!({"product_id": shop.lamp, "quantity": 1});
    let twice = shop.place(|order| order["items"] = json!([line, line])).await;
    assert!(twice.refused(422, "invalid-request").pointers()[0].starts_with("/items/1"), "{:#}", twice.body);
    let card = shop.place(|order| order["payment"]["token"] = json!("4111 1111 1111 1111")).await;
    assert_eq!(card.refused(422, "invalid-request").pointers(), ["/payment/token"]);
    let misspelt = shop.place(|order| order["expectd_total"] = json!({"amount": 1, "currency": "EUR"})).await;
    assert_eq!(misspelt.refused(422, "invalid-request").pointers(), ["/expectd_total"]);
    let several = shop
        .place(|order| {
            order["payment"]["token"] = json!("cash");
            order["items"][0]["quantity"] = json!(0);
        })
        .await;
    assert_eq!(several.refused(422, "invalid-request").pointers(), ["/items/0/quantity", "/payment/token"]);
    shop.nothing_has_changed().await;
}

#[tokio::test]
async fn things_and_people_that_do_not_exist() {
    let shop = Shop::open().await;
    let product = shop.place(|order| order["items"][0]["product_id"] = json!(new_key())).await;
    product.refused(404, "product-not-found");
    let stranger = shop.place(|order| order["customer_id"] = json!(new_key())).await;
    stranger.refused(404, "customer-not-found");
    let order = json!({"customer_id": new_key(), "items": [{"product_id": shop.lamp, "quantity": 1}],
        "payment": {"method": "card", "token": "tok_visa"}});
    let by_operator = shop.world.post("/orders", Some(&shop.world.operator), &order).await;
    by_operator.refused(404, "customer-not-found");
    shop.nothing_has_changed().await;
}

#[tokio::test]
async fn stock_and_prices_that_are_not_as_hoped() {
    let shop = Shop::open().await;
    let much = shop.place(|order| order["items"][0]["quantity"] = json!(11)).await;
    much.refused(409, "out-of-stock");
    for total in [json!({"amount": 4989, "currency": "EUR"}), json!({"amount": 4990, "currency": "USD"})] {
        shop.place(|order| order["expected_total"] = total).await.refused(409, "price-changed");
    }
    shop.nothing_has_changed().await;
}

#[tokio::test]
async fn bodies_that_can_not_be_read() {
    let shop = Shop::open().await;
    let token = Some(shop.shopper.token.as_str());
    let post = async |content_type: &str, body: &str| {
        let request = shop.world.request(Method::POST, "/orders", token).header("content-type", content_type);
        Answer::of(request.body(body.to_owned()).send().await.unwrap()).await
    };
    post("application/json", "{\"customer_id\": ").await.refused(400, "malformed-body");
    post("application/json", "").await.refused(400, "malformed-body");
    post("text/csv", "a,b").await.refused(415, "unsupported-media-type");
    post("application/json", &" ".repeat((1 << 20) + 1)).await.refused(413, "body-too-large");
    let request = shop.world.request(Method::GET, "/orders", token).header("accept", "image/png");
    Answer::of(request.send().await.unwrap()).await.refused(406, "not-acceptable");
    shop.world.get("/orders?statsu=pending", &shop.shopper.token).await.is(422);
    shop.world.get("/orders?limit=0", &shop.shopper.token).await.is(422);
    shop.world.get("/orders/not-an-id", &shop.shopper.token).await.is(404);
    shop.nothing_has_changed().await;
}

#[tokio::test]
async fn callers_without_the_right() {
    let shop = Shop::open().await;
    let order = shop.shopper.wants(&shop.lamp, 1, "tok_visa");
    let nobody = shop.world.post("/orders", None, &json!("nonsense")).await;
    assert!(nobody.refused(401, "authentication-required").header("www-authenticate").starts_with("Bearer"));
    shop.world.post("/orders", Some("x.y.z"), &order).await.refused(401, "invalid-token");
    shop.world.get("/esb/sagas", &shop.shopper.token).await.refused(403, "forbidden");
    shop.world.post("/products", Some(&shop.shopper.token), &json!({})).await.refused(403, "forbidden");
    let placed = shop.world.place(&shop.shopper, &order, None).await;
    let (id, payment) = (placed.is(201).body["order"]["id"].clone(), placed.body["payment"]["id"].clone());
    let (id, payment) = (id.as_str().unwrap(), payment.as_str().unwrap());
    let stranger = shop.world.shopper().await;
    for path in [
        format!("/orders/{id}"),
        format!("/orders/{id}/placement"),
        format!("/payments/{payment}"),
        format!("/payments/{payment}/transactions"),
        format!("/customers/{}", shop.shopper.id),
        format!("/customers/{}/addresses", shop.shopper.id),
    ] {
        shop.world.get(&path, &stranger.token).await.is(404);
        shop.world.get(&path, &shop.shopper.token).await.is(200);
    }
    shop.world.post(&format!("/orders/{id}/cancel"), Some(&stranger.token), &json!({})).await.is(404);
    let (refunds, mine) = (format!("/payments/{payment}/refunds"), json!({"reason": "mine"}));
    shop.world.post(&refunds, Some(&shop.shopper.token), &mine).await.refused(403, "forbidden");
}
