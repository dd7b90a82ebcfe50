//! The two sides of a comparison, and how one shops at them.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use testbed::binary::Binary;
use testbed::{Sites, System};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::cpu;

const SHOPPERS: usize = 32;
const PRODUCTS: usize = 24;

/// A system under load.
pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) shopping: Arc<Shopping>,
    roots: Vec<u32>,
    _alive: Alive,
}

/// Ends the side's processes when it is dropped.
enum Alive {
    Ours { _system: Box<System> },
    Peer { _run: Child },
}

/// Shoppers and products of a side.
pub(crate) struct Shopping {
    http: Client,
    url: String,
    shoppers: Vec<(Value, String)>,
    products: Vec<Value>,
    run: u128,
    /// So that no two purchases share a key, in whichever round they are: a replayed answer is no order.
    bought: AtomicU64,
}

impl Side {
    /// Its processes, at this moment.
    pub(crate) fn pids(&self) -> Vec<u32> {
        self.roots.iter().flat_map(|pid| cpu::family(*pid)).collect()
    }
}

impl Shopping {
    /// Buys one of something; `caller` and `number` choose who and what.
    pub(crate) async fn buy(self: Arc<Self>, caller: usize, number: usize) -> Result<()> {
        let (customer, token) = pick(&self.shoppers, caller)?;
        let order = json!({
            "customer_id": customer,
            "items": [{"product_id": pick(&self.products, caller + number)?, "quantity": 1}],
            "payment": {"method": "card", "token": "tok_visa"},
        });
        let request = self.http.post(format!("{}/orders", self.url)).bearer_auth(token).json(&order);
        let key = format!("{}-{}", self.run, self.bought.fetch_add(1, Ordering::Relaxed));
        let answer = request.header("idempotency-key", key).send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        ensure!(status == 201, "{status}: {body}");
        Ok(())
    }

    async fn register(&mut self) -> Result<()> {
        for number in 0..SHOPPERS {
            let email = format!("shopper-{}-{number}@example.com", self.run);
            let register = json!({"email": email, "password": "correct horse battery", "name": "Ann"});
            let session = self.post("/auth/register", None, &register).await?;
            let token = text(&session, "/access_token")?.to_owned();
            let id = session.pointer("/customer/id").context("no customer")?.clone();
            self.shoppers.push((id, token));
        }
        Ok(())
    }

    async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Result<Value> {
        let mut request = self.http.post(format!("{}{path}", self.url)).json(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    fn at(url: &str) -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "only to be different from the last run")]
        let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        Ok(Self {
            http: testbed::http::client()?,
            url: url.to_owned(),
            shoppers: Vec::new(),
            products: Vec::new(),
            run,
            bought: AtomicU64::new(0),
        })
    }
}

fn text<'a>(document: &'a Value, pointer: &str) -> Result<&'a str> {
    document.pointer(pointer).and_then(Value::as_str).with_context(|| format!("there is no {pointer} in {document}"))
}

fn pick<T>(all: &[T], number: usize) -> Result<&T> {
    all.get(number % all.len().max(1)).context("nothing to pick from")
}

/// This system: four binaries, an operator's products with stock enough.
pub(crate) async fn ours(sites: &Sites) -> Result<Side> {
    let system = System::builder().on(sites).env(Binary::Esb, "ESB__LOG__FILTER", "warn");
    let quiet = ["CUSTOMER_SERVICE", "ORDER_SERVICE", "PAYMENT_SERVICE"];
    let services = [Binary::CustomerService, Binary::OrderService, Binary::PaymentService];
    let system = services
        .into_iter()
        .zip(quiet)
        .fold(system, |system, (binary, name)| system.env(binary, &format!("{name}__LOG__FILTER"), "warn"));
    let system = system.start().await?;
    let mut shopping = Shopping::at(&system.esb_url)?;
    shopping.register().await?;
    let login = json!({"email": system.operator.email, "password": system.operator.password});
    let session = shopping.post("/auth/login", None, &login).await?;
    let operator = text(&session, "/access_token")?.to_owned();
    for number in 0..PRODUCTS {
        let price = json!({"amount": 1990, "currency": "EUR"});
        let product =
            json!({"sku": format!("BENCH-{number}"), "name": "Lamp", "description": "Gives light.", "price": price});
        let created = shopping.post("/products", Some(&operator), &product).await?;
        let id = text(&created, "/id")?;
        let stock = format!("/products/{id}/stock");
        shopping.post(&stock, Some(&operator), &json!({"delta": 1_000_000, "reason": "bench"})).await?;
        shopping.products.push(json!(id));
    }
    let mut roots = Vec::new();
    for binary in Binary::ALL {
        let identity = system.service(binary)?.identity().context("a process has no pid")?;
        roots.push(identity.pid.try_into()?);
    }
    Ok(Side {
        name: "ecommerce-soa",
        shopping: Arc::new(shopping),
        roots,
        _alive: Alive::Ours { _system: Box::new(system) },
    })
}

/// The peer: `infrastructure/bench/peer/run`, which prints its processes and `peer ready`.
pub(crate) async fn peer(sites: &Sites) -> Result<Side> {
    let program = testbed::shared::repository().join("infrastructure/bench/peer/run");
    let port = testbed::port::free()?;
    let mut command = Command::new(program);
    command.env("POSTGRES_URL", sites.new_postgres_database("peer").await?);
    command.env("MYSQL_URL", sites.new_mysql_database("peer").await?);
    command.env("MONGODB_URL", sites.new_mongo_database("peer"));
    command.env("PEER_GATEWAY_PORT", port.to_string());
    for service in ["CUSTOMER", "ORDER", "PAYMENT"] {
        command.env(format!("PEER_{service}_PORT"), testbed::port::free()?.to_string());
    }
    let mut run = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().context("the peer can't be started")?;
    let mut lines = BufReader::new(run.stdout.take().context("the peer is mute")?).lines();
    let mut roots = Vec::new();
    loop {
        let line = lines.next_line().await?.context("the peer ended before it was ready")?;
        if let Some((_, pid)) = line.split_once('=').filter(|(name, _)| name.starts_with("PID_")) {
            roots.push(pid.parse()?);
        }
        if line == "peer ready" {
            break;
        }
    }
    let mut shopping = Shopping::at(&format!("http://127.0.0.1:{port}"))?;
    shopping.register().await?;
    shopping.products = (1..=PRODUCTS).map(|id| json!(id)).collect();
    Ok(Side { name: "FastAPI peer", shopping: Arc::new(shopping), roots, _alive: Alive::Peer { _run: run } })
}
