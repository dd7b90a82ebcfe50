//! A payment-service of its own for each test, and the words that tests use with it.

use std::sync::Arc;

use chassis::{Clock, Tasks};
use contracts::{Customer, Id, NewPayment, Order, Payment, PaymentStatus, Refund, Transaction};
use payment_service::cashier::Cashier;
use payment_service::provider::{Provider, Sandbox};
use payment_service::settings::{self, Settings};
use payment_service::{start_with, store};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use testbed::Issuer;

use crate::bank::Bank;

/// What the bank has moved where no money has.
pub(crate) const NOTHING: [i64; 0] = [];

/// A service that runs, and those who call it.
pub(crate) struct App {
    pub(crate) issuer: Issuer,
    pub(crate) settings: Settings,
    pub(crate) bank: Arc<Bank>,
    client: Client,
    url: String,
    tasks: Tasks,
}

/// What the service answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With a provider whose every wait counts: as long as it takes for others, as short as it can be for silence.
    pub(crate) async fn with_impatience() -> Self {
        Self::with(&[("PAYMENT_SERVICE__PROVIDER__TIMEOUT_MS", "2000".to_owned())]).await
    }

    pub(crate) async fn with(overrides: &[(&str, String)]) -> Self {
        let issuer = Issuer::start().await;
        let database = testbed::shared().await.mongo_database("payment").await;
        let mut all = vec![
            ("PAYMENT_SERVICE__HTTP__LISTEN", "127.0.0.1:0".to_owned()),
            ("PAYMENT_SERVICE__HTTP__WORKERS", "1".to_owned()),
            ("PAYMENT_SERVICE__AUTH__JWKS_URL", issuer.jwks_url()),
            ("PAYMENT_SERVICE__DATABASE__URL", database),
            ("PAYMENT_SERVICE__DATABASE__TIMEOUT_MS", "20000".to_owned()),
            ("PAYMENT_SERVICE__PROVIDER__TIMEOUT_MS", "20000".to_owned()),
            ("PAYMENT_SERVICE__ASK_AGAIN__AFTER_MS", "60000".to_owned()),
        ];
        all.extend(overrides.iter().cloned());
        let settings = settings::with(&all).unwrap();
        let (tasks, url, bank) = serve(&settings).await;
        Self { issuer, settings, bank, client: testbed::http::client().unwrap(), url, tasks }
    }

    /// The service as if started anew, on the same store.
    pub(crate) async fn restart(&mut self) {
        self.tasks.stop();
        (self.tasks, self.url, self.bank) = serve(&self.settings).await;
    }

    /// Another instance of the service, on the same store.
    pub(crate) async fn cashier(&self) -> Cashier {
        self.cashier_at(Clock::real()).await
    }

    /// Another instance, whose clock is not ours.
    pub(crate) async fn cashier_at(&self, clock: Clock) -> Cashier {
        let database = store::connect(&self.settings.database).await.unwrap();
        let sandbox = Sandbox::new(&database, clock.clone(), std::time::Duration::ZERO);
        payment_service::cashier(&self.settings, &database, clock, Arc::new(sandbox))
    }

    pub(crate) async fn charge(&self, id: Id<Payment>, new: &NewPayment) -> Reply {
        self.send(self.put(id).bearer_auth(self.issuer.saga()).json(new)).await
    }

    /// Asks, as the bus does, until the answer is clear.
    pub(crate) async fn charge_until_clear(&self, id: Id<Payment>, new: &NewPayment) -> Reply {
        loop {
            let reply = self.charge(id, new).await;
            if reply.status != 503 {
                return reply;
            }
        }
    }

    /// A payment of 100.00 € that is captured.
    pub(crate) async fn captured(&self) -> Payment {
        let reply = self.charge(Id::mint(), &payment("tok_visa", 10_000)).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.to()
    }

    pub(crate) async fn void(&self, id: Id<Payment>) -> Reply {
        let request = self.post(&format!("/payments/{id}/void")).bearer_auth(self.issuer.saga());
        self.send(request.json(&json!({"reason": "the order was undone"}))).await
    }

    /// As the operator.
    pub(crate) async fn refund(&self, id: Id<Payment>, body: &Value) -> Reply {
        self.send(self.post(&format!("/payments/{id}/refunds")).bearer_auth(self.issuer.operator()).json(body)).await
    }

    /// As the operator, under a key.
    pub(crate) async fn refund_once(&self, id: Id<Payment>, key: &str, body: &Value) -> Reply {
        let request = self.post(&format!("/payments/{id}/refunds")).bearer_auth(self.issuer.operator());
        self.send(request.header("idempotency-key", key).json(body)).await
    }

    /// As the operator.
    pub(crate) async fn payment(&self, id: Id<Payment>) -> Payment {
        self.get(&format!("/payments/{id}"), &self.issuer.operator()).await.to()
    }

    pub(crate) async fn status(&self, id: Id<Payment>) -> PaymentStatus {
        self.payment(id).await.status
    }

    /// The log, each entry as `kind outcome amount`.
    pub(crate) async fn log(&self, id: Id<Payment>) -> Vec<String> {
        let path = format!("/payments/{id}/transactions?limit=100");
        let entries: Vec<Transaction> = self.get(&path, &self.issuer.operator()).await.items();
        let word = |value: Value| value.as_str().unwrap().to_owned();
        let line = |entry: &Transaction| {
            let (kind, outcome) = (word(json!(entry.kind)), word(json!(entry.outcome)));
            format!("{kind} {outcome} {}", entry.amount.amount())
        };
        entries.iter().map(line).collect()
    }

    /// What the bank has moved for this payment: charges above zero, refunds below.
    pub(crate) async fn moved(&self, id: Id<Payment>) -> Vec<i64> {
        let path = format!("/sandbox/ledger?limit=100&payment_id={id}");
        let reply = self.get(&path, &self.issuer.operator()).await;
        let entries = reply.body["items"].as_array().unwrap().clone();
        let signed = |entry: &Value| match entry["kind"].as_str().unwrap() {
            "charge" => entry["amount"]["amount"].as_i64().unwrap(),
            _ => -entry["amount"]["amount"].as_i64().unwrap(),
        };
        entries.iter().map(signed).collect()
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        self.send(self.request(Method::GET, path).bearer_auth(token)).await
    }

    pub(crate) fn put(&self, id: Id<Payment>) -> RequestBuilder {
        self.request(Method::PUT, &format!("/payments/{id}"))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).timeout(std::time::Duration::from_mins(1))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Reply { status, headers, body }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.tasks.stop();
    }
}

async fn serve(settings: &Settings) -> (Tasks, String, Arc<Bank>) {
    let tasks = Tasks::new();
    let mut bank = None;
    let choose = |sandbox: Sandbox| -> Arc<dyn Provider> { bank.insert(Arc::new(Bank::new(sandbox))).clone() };
    let running = start_with(settings.clone(), tasks.clone(), Clock::real(), choose).await.unwrap();
    let url = format!("http://{}", running.addr);
    tasks.spawn(async move { running.until_stopped().await.unwrap() });
    (tasks, url, bank.unwrap())
}

impl Reply {
    pub(crate) fn to<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone()).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn items<T: serde::de::DeserializeOwned>(&self) -> Vec<T> {
        serde_json::from_value(self.body["items"].clone()).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn refund(&self) -> Refund {
        assert_eq!(self.status, 201, "{self:?}");
        self.to()
    }

    /// That this is a problem of that kind; its detail.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, name: &str) -> String {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["type"], format!("urn:problem:{name}"), "{self:?}");
        assert_eq!(self.body["status"], status);
        self.body["detail"].as_str().unwrap().to_owned()
    }

    pub(crate) fn pointers(&self) -> Vec<&str> {
        self.body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
    }
}

/// A payment of some customer for some order, in euro cents.
pub(crate) fn payment(token: &str, amount: i64) -> NewPayment {
    payment_of(Id::mint(), Id::mint(), token, amount)
}

pub(crate) fn payment_of(customer: Id<Customer>, order: Id<Order>, token: &str, amount: i64) -> NewPayment {
    let new = json!({
        "order_id": order, "customer_id": customer, "amount": euro(amount), "method": "card", "token": token,
    });
    serde_json::from_value(new).unwrap()
}

pub(crate) fn euro(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}
