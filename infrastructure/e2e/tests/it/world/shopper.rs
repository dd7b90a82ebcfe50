//! Somebody who buys.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, World};

#[derive(Debug, Clone)]
pub(crate) struct Shopper {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// A text that nobody has used before: a key, an SKU, the name in an e-mail address.
pub(crate) fn new_key() -> String {
    contracts::Id::<()>::mint().to_string()
}

impl World {
    pub(crate) async fn shopper(&self) -> Shopper {
        let email = format!("{}@example.org", new_key());
        let register = json!({"email": email, "password": "correct horse battery", "name": "Ada"});
        let session = self.post("/auth/register", None, &register).await;
        session.is(201);
        let id = session.body["customer"]["id"].as_str().unwrap().to_owned();
        Shopper { id, token: session.text("access_token") }
    }

    /// Places an order, with a key where there is one.
    pub(crate) async fn place(&self, shopper: &Shopper, order: &Value, key: Option<&str>) -> Answer {
        // Long enough for a machine that does much else: the order is placed when this returns.
        Answer::of(self.placing(shopper, order, key).header("prefer", "wait=30").send().await.unwrap()).await
    }

    /// The request that places an order, to be completed and sent.
    pub(crate) fn placing(&self, shopper: &Shopper, order: &Value, key: Option<&str>) -> reqwest::RequestBuilder {
        let request = self.request(Method::POST, "/orders", Some(&shopper.token)).json(order);
        if let Some(key) = key { request.header("idempotency-key", key) } else { request }
    }
}

impl Shopper {
    /// An order of `quantity` of a product, paid with a sandbox token.
    pub(crate) fn wants(&self, product: &str, quantity: u32, token: &str) -> Value {
        json!({
            "customer_id": self.id,
            "items": [{"product_id": product, "quantity": quantity}],
            "payment": {"method": "card", "token": token},
        })
    }
}
