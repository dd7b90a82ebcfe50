//! A shop of its own for each test: an empty database, a server, and words for what people do.

use contracts::{Customer, Id, Order, Payment, Product};
use order_service::{DEFAULTS, NAME, Settings, Store, migrate, start};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use testbed::Issuer;

/// A running order-service, and everybody who talks to it.
pub(crate) struct Shop {
    pub(crate) url: String,
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) issuer: Issuer,
    pub(crate) http: Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) etag: String,
    pub(crate) replayed: bool,
    pub(crate) location: String,
    pub(crate) body: Value,
}

impl Reply {
    /// `409 out-of-stock`, or the status alone where it is no problem.
    pub(crate) fn told(&self) -> String {
        let kind = self.body["type"].as_str().and_then(|kind| kind.strip_prefix("urn:problem:"));
        kind.map_or_else(|| self.status.to_string(), |kind| format!("{} {kind}", self.status))
    }

    pub(crate) fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or_default()
    }

    pub(crate) fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter_map(|error| error["pointer"].as_str()).collect()
    }
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let url = testbed::shared().await.mysql_database("order").await;
        Self::open_on(&url).await
    }

    pub(crate) async fn open_on(database_url: &str) -> Self {
        let issuer = Issuer::start().await;
        let settings = settings(database_url, &issuer.jwks_url());
        migrate(&settings.database).await.expect("migrates");
        let store = Store::new(&settings, chassis::Clock::real()).expect("a store");
        let running = start(&settings, &chassis::Tasks::new(), store.clone()).expect("starts");
        let url = format!("http://{}", running.addr);
        let http = testbed::http::client().expect("a client");
        Self { url, store, settings, issuer, http }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.expect("an answer");
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (status, etag, location) = (response.status().as_u16(), header("etag"), header("location"));
        let replayed = header("idempotent-replayed") == "true";
        let bytes = response.bytes().await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply { status, etag, replayed, location, body }
    }

    pub(crate) fn ask(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(token)
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        self.send(self.ask(Method::GET, path, token)).await
    }

    pub(crate) async fn look(&self, path: &str) -> Reply {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        self.send(self.ask(Method::POST, path, token).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, if_match: Option<&str>, body: Value) -> Reply {
        let request = self.ask(Method::PATCH, path, &self.issuer.operator()).json(&body);
        self.send(if_match.into_iter().fold(request, |request, tag| request.header("if-match", tag))).await
    }

    /// A product that is sold, with `stock` units at `cents` each.
    pub(crate) async fn offer(&self, sku: &str, cents: i64, stock: i64) -> Id<Product> {
        let product = json!({
            "sku": sku, "name": format!("the {sku}"), "description": format!("a very good {sku}"),
            "price": {"amount": cents, "currency": "EUR"}
        });
        let added = self.post("/products", &self.issuer.operator(), product).await;
        assert_eq!(added.told(), "201", "{added:?}");
        let id: Id<Product> = serde_json::from_value(added.body["id"].clone()).expect("an id");
        if stock > 0 {
            assert_eq!(self.restock(id, stock).await.told(), "200");
        }
        id
    }

    pub(crate) async fn restock(&self, id: Id<Product>, delta: i64) -> Reply {
        let change = json!({"delta": delta, "reason": "delivery"});
        self.post(&format!("/products/{id}/stock"), &self.issuer.operator(), change).await
    }

    pub(crate) async fn stock_of(&self, id: Id<Product>) -> i64 {
        self.get(&format!("/products/{id}"), &self.issuer.operator()).await.body["stock"].as_i64().expect("a stock")
    }

    /// What the saga sends.
    pub(crate) async fn put(&self, id: Id<Order>, order: &Value) -> Reply {
        self.send(self.ask(Method::PUT, &format!("/orders/{id}"), &self.issuer.saga()).json(order)).await
    }

    /// A pending order of a customer.
    pub(crate) async fn place(&self, customer: Id<Customer>, lines: &[(Id<Product>, u32)]) -> Id<Order> {
        let id = Id::mint();
        let placed = self.put(id, &wish(customer, lines)).await;
        assert_eq!(placed.told(), "201", "{placed:?}");
        id
    }

    pub(crate) async fn confirm(&self, id: Id<Order>, payment: Id<Payment>) -> Reply {
        let paid = json!({"payment_id": payment});
        self.post(&format!("/orders/{id}/confirm"), &self.issuer.saga(), paid).await
    }

    /// A paid order of a customer.
    pub(crate) async fn sell(&self, customer: Id<Customer>, lines: &[(Id<Product>, u32)]) -> Id<Order> {
        let id = self.place(customer, lines).await;
        assert_eq!(self.confirm(id, Id::mint()).await.told(), "200");
        id
    }

    pub(crate) async fn cancel(&self, id: Id<Order>, token: &str) -> Reply {
        self.post(&format!("/orders/{id}/cancel"), token, json!({"reason": "changed my mind"})).await
    }

    pub(crate) async fn ship(&self, id: Id<Order>, carrier: &str) -> Reply {
        self.post(&format!("/orders/{id}/ship"), &self.issuer.operator(), json!({"carrier": carrier})).await
    }

    pub(crate) async fn deliver(&self, id: Id<Order>) -> Reply {
        self.post(&format!("/orders/{id}/deliver"), &self.issuer.operator(), json!({})).await
    }

    pub(crate) async fn order(&self, id: Id<Order>) -> Value {
        self.get(&format!("/orders/{id}"), &self.issuer.operator()).await.body
    }
}

/// The settings of a server on a free port.
pub(crate) fn settings(database_url: &str, jwks_url: &str) -> Settings {
    let set = |key: &str, value: &str| (format!("ORDER_SERVICE__{key}"), value.to_owned());
    let environment = [
        set("HTTP__LISTEN", "127.0.0.1:0"),
        set("HTTP__WORKERS", "2"),
        set("AUTH__JWKS_URL", jwks_url),
        set("DATABASE__URL", database_url),
    ];
    chassis::settings::load(NAME, DEFAULTS, None, environment).expect("good settings")
}

/// What a customer wants.
pub(crate) fn wish(customer: Id<Customer>, lines: &[(Id<Product>, u32)]) -> Value {
    let items = lines.iter().map(|(id, quantity)| json!({"product_id": id, "quantity": quantity}));
    json!({
        "customer_id": customer,
        "items": items.collect::<Vec<_>>(),
        "shipping_address": {
            "name": "Ada Lovelace", "line1": "12 St James's Square", "city": "London", "postal_code": "SW1Y 4JH",
            "country": "GB"
        },
        "placed_by": "client:shop",
    })
}

/// A field of each item of a list.
pub(crate) fn field(reply: &Reply, name: &str) -> Vec<String> {
    let items = reply.body["items"].as_array().expect("a list");
    items.iter().map(|item| item[name].as_str().expect("a text").to_owned()).collect()
}
