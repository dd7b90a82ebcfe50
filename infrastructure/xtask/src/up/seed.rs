//! Fills the catalogue with what it lacks, through the ESB, as the operator.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use testbed::{http, shared};

use crate::say;

/// A product of the demonstration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sku: String,
    name: String,
    description: String,
    price: Value,
    image_url: String,
    stock: u32,
}

struct Shop {
    client: Client,
    url: String,
    token: String,
}

pub(crate) async fn run(env: &BTreeMap<String, String>) -> Result<()> {
    let begun = Instant::now();
    let file = shared::repository().join("infrastructure/xtask/seed/catalogue.json");
    let text = std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let entries: Vec<Entry> = serde_json::from_str(&text).with_context(|| format!("{} is wrong", file.display()))?;
    let shop = Shop::open(env).await?;
    let mut made = 0;
    for entry in &entries {
        if shop.find(&entry.sku).await?.is_none() {
            shop.make(entry).await.with_context(|| format!("could not make the product {}", entry.sku))?;
            made += 1;
        }
    }
    say::done(&format!("catalogue: {} products, {made} of them new", entries.len()), begun.elapsed());
    Ok(())
}

impl Shop {
    async fn open(env: &BTreeMap<String, String>) -> Result<Self> {
        let value = |name: &str| env.get(name).cloned().with_context(|| format!("{name} is not known"));
        let (client, url) = (http::client()?, value("ESB_URL")?);
        let account = json!({"email": value("OPERATOR_EMAIL")?, "password": value("OPERATOR_PASSWORD")?});
        let session = answer(client.post(format!("{url}/auth/login")).json(&account)).await?;
        let token = session.get("access_token").and_then(Value::as_str).context("the login gave no token")?;
        Ok(Self { client, url, token: token.to_owned() })
    }

    /// The id of a product.
    async fn find(&self, sku: &str) -> Result<Option<String>> {
        let found = self.client.get(format!("{}/products", self.url)).query(&[("query", sku), ("limit", "100")]);
        let found = answer(found.bearer_auth(&self.token)).await?;
        let items = found.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let product = items.iter().find(|item| item.get("sku").and_then(Value::as_str) == Some(sku));
        Ok(product.and_then(|product| product.get("id")).and_then(Value::as_str).map(str::to_owned))
    }

    async fn make(&self, entry: &Entry) -> Result<()> {
        let Entry { sku, name, description, price, image_url, stock } = entry;
        let product =
            json!({"sku": sku, "name": name, "description": description, "price": price, "image_url": image_url});
        // A seed that was cut off and comes again finds its first answer.
        let product = self.post("products").header("Idempotency-Key", format!("seed-{sku}")).json(&product);
        let product = answer(product).await?;
        let id = product.get("id").and_then(Value::as_str).context("a product without an id")?;
        if *stock == 0 {
            return Ok(());
        }
        let stocked = self.post(&format!("products/{id}/stock")).header("Idempotency-Key", format!("seed-stock-{sku}"));
        answer(stocked.json(&json!({"delta": stock, "reason": "seed"}))).await.map(drop)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}/{path}", self.url)).bearer_auth(&self.token)
    }
}

async fn answer(request: RequestBuilder) -> Result<Value> {
    let answer = request.send().await?;
    let (status, url) = (answer.status(), answer.url().clone());
    let text = answer.text().await?;
    ensure!(status.is_success(), "{url} answered {status}: {text}");
    Ok(serde_json::from_str(&text)?)
}
