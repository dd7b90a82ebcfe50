//! A running system, and the words to use it with.

mod answer;
mod books;
mod collector;
mod producer;
mod program;
mod shopper;
mod tap;
mod wire;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use testbed::System;

pub(crate) use answer::Answer;
pub(crate) use books::Books;
pub(crate) use collector::{Collector, Trace};
pub(crate) use producer::Producers;
pub(crate) use program::Program;
pub(crate) use shopper::{Shopper, new_key};
pub(crate) use tap::{Moment, Tap, Trap};
pub(crate) use wire::Wire;

/// Within what time everything must be settled after the last fault.
pub(crate) const SETTLED: Duration = Duration::from_secs(15);

/// How long is waited for what has no promise of its own: longer than a busy machine takes, and not for ever.
pub(crate) const IN_TIME: Duration = Duration::from_mins(1);

/// A running system, seen from outside.
pub(crate) struct World {
    pub(crate) system: System,
    pub(crate) operator: String,
    http: reqwest::Client,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(System::start().await.unwrap()).await
    }

    pub(crate) async fn with(system: System) -> Self {
        let http = testbed::http::client().unwrap();
        let mut world = Self { system, operator: String::new(), http };
        let login = json!({"email": world.system.operator.email, "password": world.system.operator.password});
        let session = world.post("/auth/login", None, &login).await;
        session.is(200);
        world.operator = session.text("access_token");
        world
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        Answer::of(self.request(Method::GET, path, Some(token)).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path, token).json(body).send().await.unwrap()).await
    }

    /// A request to the first ESB, to be completed.
    pub(crate) fn request(&self, method: Method, path: &str, token: Option<&str>) -> reqwest::RequestBuilder {
        self.request_to(method, &format!("{}{path}", self.system.esb_url), token)
    }

    /// A request to anybody, to be completed.
    pub(crate) fn request_to(&self, method: Method, url: &str, token: Option<&str>) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url);
        if let Some(token) = token { request.bearer_auth(token) } else { request }
    }

    /// A new product at `price` cents, with `stock` units; its id.
    pub(crate) async fn product(&self, price: i64, stock: i64) -> String {
        let sku = new_key();
        let product = json!({
            "sku": sku, "name": "Lamp", "description": "Gives light.", "price": {"amount": price, "currency": "EUR"},
        });
        let created = self.post("/products", Some(&self.operator), &product).await;
        created.is(201);
        let id = created.text("id");
        if stock > 0 {
            let delivery = json!({"delta": stock, "reason": "delivery"});
            self.post(&format!("/products/{id}/stock"), Some(&self.operator), &delivery).await.is(200);
        }
        id
    }

    /// How many units of a product can be ordered now.
    pub(crate) async fn stock(&self, product: &str) -> i64 {
        let found = self.get(&format!("/products/{product}"), &self.operator).await;
        found.is(200);
        found.body["stock"].as_i64().unwrap()
    }

    /// What every service has in its books about an order.
    pub(crate) async fn books(&self, order: &str) -> Books {
        Books::of(self, order).await
    }
}
