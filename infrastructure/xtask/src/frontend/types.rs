//! `cargo xtask gen`: the storefront's types, from the document that a running bus merges.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use testbed::{System, binary, http, wait};

use super::{Npm, folder, packages};
use crate::tidy::reference;
use crate::{install, say};

const WITHIN: Duration = Duration::from_mins(1);
/// One path of each service: a service's document is merged as a whole.
const TOLD: [&str; 3] = ["/customers/me", "/products", "/payments"];

/// Writes the document and the types anew.
pub(crate) async fn run() -> Result<ExitCode> {
    install::engines().await?;
    packages().await?;
    binary::build(binary::own_profile())?.run().await.context("could not build the binaries")?;
    let system = Box::pin(System::start()).await?;
    let document = document(&system).await?;
    fs::write(file(), document).with_context(|| format!("could not write {}", file().display()))?;
    Npm::run(&["run", "gen"])?.quiet().await?;
    reference::write()?;
    say::line(
        "the pages of reference, frontend/openapi.json and the types of the storefront are as the bus describes itself",
    );
    Ok(ExitCode::SUCCESS)
}

/// Fails where the document or the types are not what this system describes.
pub(crate) async fn stale(system: &System) -> Result<()> {
    let known = fs::read_to_string(file()).with_context(|| format!("could not read {}", file().display()))?;
    ensure!(known == document(system).await?, "frontend/openapi.json is stale: run `cargo xtask gen`");
    Npm::run(&["run", "gen:check"])?.quiet().await.context("the types are stale: run `cargo xtask gen`")
}

fn file() -> PathBuf {
    folder().join("openapi.json")
}

/// As it is committed: sorted, so that it differs only where it says something else.
async fn document(system: &System) -> Result<String> {
    let (client, url) = (http::client()?, format!("{}/openapi.json", system.esb_url));
    wait::until("the bus knows all services", WITHIN, || async { merged(&client, &url).await.is_some() }).await?;
    let merged = merged(&client, &url).await.context("the bus has forgotten a service")?;
    Ok(serde_json::to_string_pretty(&sorted(merged))? + "\n")
}

/// The document, once all services are in it.
async fn merged(client: &reqwest::Client, url: &str) -> Option<Value> {
    let text = client.get(url).send().await.ok()?.text().await.ok()?;
    let document: Value = serde_json::from_str(&text).ok()?;
    let paths = document.get("paths")?;
    TOLD.iter().all(|path| paths.get(path).is_some()).then_some(document)
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.into_iter().map(|(name, field)| (name, sorted(field))).collect();
            Value::Object(Map::from_iter(fields))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}
