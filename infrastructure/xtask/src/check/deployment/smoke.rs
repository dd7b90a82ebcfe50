//! `cargo xtask compose-smoke`: builds and starts the images, places an order, and clears away.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use testbed::engine::secret;
use testbed::process::Launch;
use testbed::shared::repository;
use testbed::{http, port, program};

use super::copy;
use super::outside::Tools;
use crate::{local, say, up};

const PROJECT: &str = "ecommerce-soa-smoke";
/// What is published, by the variable that says where.
const PORTS: [&str; 4] = ["STOREFRONT_PORT", "ESB_PORT", "AMQP_PORT", "AMQP_MANAGEMENT_PORT"];
/// A first build compiles everything.
const WAIT_S: &str = "600";
/// Of a new order; 202 would mean that it is not settled.
const CREATED: u16 = 201;
/// Neither success nor failure: nothing was tried.
const NOT_RUN: u8 = 3;

pub(crate) async fn run() -> Result<ExitCode> {
    if let Err(error) = engine().await {
        say::trouble(&format!("not run: no container engine answers, so nothing was built or started\n{error:#}"));
        return Ok(ExitCode::from(NOT_RUN));
    }
    let mut env = local::secrets::write(&copy()?)?;
    for name in PORTS {
        env.insert(name.to_owned(), port::free()?.to_string());
    }
    let compose = compose(&env).await?;
    let outcome = story(&compose, &env).await;
    if outcome.is_err() {
        say::line(&compose.clone().args(["logs", "--no-color", "--tail", "50"]).run().await.unwrap_or_default());
    }
    let cleared = compose.args(["down", "--volumes", "--remove-orphans", "--timeout", "30"]).run().await;
    outcome?;
    cleared.context("could not clear away")?;
    say::line("an order was placed and paid for in containers");
    Ok(ExitCode::SUCCESS)
}

async fn engine() -> Result<()> {
    let docker = program::find("docker").context("there is no `docker`")?;
    Launch::new(&docker, Path::new("/"))
        .inherit()
        .args(["info", "--format", "{{.ServerVersion}}"])
        .run()
        .await
        .map(drop)
}

/// Docker's own plugin where it is installed, which builds with its builder; else the same program from a registry.
async fn compose(env: &BTreeMap<String, String>) -> Result<Launch> {
    let docker = Launch::new(&program::need("docker", "docker.io")?, Path::new("/")).inherit().args(["compose"]);
    let has_plugin = docker.clone().args(["version"]).run().await.is_ok();
    let compose = if has_plugin { docker } else { Tools::install().await?.judge("docker-compose") };
    let file = repository().join("infrastructure/docker-compose.yml").display().to_string();
    let compose = compose.args(["--project-name", PROJECT, "--file", &file]);
    Ok(env.iter().fold(compose, |compose, (name, value)| compose.env(name, value)))
}

async fn story(compose: &Launch, env: &BTreeMap<String, String>) -> Result<()> {
    say::begins("building and starting the images (half an hour at the first time)");
    compose.clone().args(["up", "--build", "--wait", "--wait-timeout", WAIT_S]).run().await?;
    let port = |name: &str| env.get(name).with_context(|| format!("{name} is not known"));
    let mut shop = env.clone();
    shop.insert("ESB_URL".to_owned(), format!("http://127.0.0.1:{}", port("ESB_PORT")?));
    up::seed::run(&shop).await.context("could not fill the catalogue")?;
    order(&format!("http://127.0.0.1:{}", port("STOREFRONT_PORT")?)).await
}

/// As the storefront does it: the pages, and the bus behind `/api`.
async fn order(storefront: &str) -> Result<()> {
    let client = http::client()?;
    let page = client.get(storefront).send().await?;
    ensure!(page.status().is_success(), "the storefront answered {}", page.status());
    let account = json!({"email": format!("{}@example.org", secret()), "password": secret(), "name": "Smoke"});
    let (_, session) = answer(client.post(format!("{storefront}/api/auth/register")).json(&account)).await?;
    let (_, products) = answer(client.get(format!("{storefront}/api/products?limit=1"))).await?;
    let order = json!({
        "customer_id": session.pointer("/customer/id"),
        "items": [{"product_id": products.pointer("/items/0/id"), "quantity": 1}],
        "payment": {"method": "card", "token": "tok_visa"},
    });
    let token = session.pointer("/access_token").and_then(Value::as_str).context("no token came")?;
    let placed = client.post(format!("{storefront}/api/orders")).bearer_auth(token).json(&order);
    let (status, placed) = answer(placed.header("Idempotency-Key", secret())).await?;
    let says = |pointer: &str| placed.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let is_paid = says("/order/status") == "confirmed" && says("/payment/status") == "captured";
    ensure!(status == CREATED && is_paid, "the order was not placed: {status} {placed}");
    Ok(())
}

async fn answer(request: RequestBuilder) -> Result<(u16, Value)> {
    let answer = request.send().await?;
    let (status, url) = (answer.status(), answer.url().clone());
    let text = answer.text().await?;
    ensure!(status.is_success(), "{url} answered {status}: {text}");
    Ok((status.as_u16(), serde_json::from_str(&text)?))
}
