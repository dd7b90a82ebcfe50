//! Every way in: the shipped routes by their doors, and all paths of the merged description.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use super::{code, row};
use crate::tidy::sources::Sources;

const DESCRIPTION: &str = "frontend/openapi.json";
const HEAD: &str = "\
# Routes

Made by `cargo xtask gen` of `esb/routes/*.toml` and of what the running bus says of itself (`/openapi.json`).

## By their doors

A route may be reached by HTTP, by a routing key of `esb_exchange`, and as an operation of `/soap`; all mean the same.

";

#[derive(Deserialize)]
struct File {
    route: Vec<Route>,
}

#[derive(Deserialize)]
struct Route {
    name: String,
    from: toml::Table,
    to: toml::Table,
    #[serde(default)]
    allow: Vec<String>,
}

pub(super) fn page(sources: &Sources) -> Result<String> {
    let mut page = HEAD.to_owned();
    page.push_str(&row(&["route", "HTTP", "routing key", "SOAP", "leads to", "for"]));
    page.push_str(&row(&["---"; 6]));
    let mut files = sources.files.iter().filter(|source| source.path.starts_with("esb/routes")).collect::<Vec<_>>();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for source in files {
        let file: File = toml::from_str(&source.text).with_context(|| source.path.display().to_string())?;
        page.extend(file.route.iter().map(by_door));
    }
    page.push_str("\n## By path\n\n");
    page.push_str(&row(&["request", "what it does"]));
    page.push_str(&row(&["---"; 2]));
    let description = sources.text(DESCRIPTION).with_context(|| format!("{DESCRIPTION} is missing"))?;
    page.push_str(&by_path(&serde_json::from_str(description).context(DESCRIPTION)?)?);
    Ok(page)
}

fn by_door(route: &Route) -> String {
    let door = |name: &str| code(route.from.get(name).and_then(toml::Value::as_str).unwrap_or(""));
    let ends = route.to.iter().map(|(kind, end)| match end.as_str() {
        Some(end) => format!("{kind} `{end}`"),
        None => format!("{kind} of several"),
    });
    let leads = ends.collect::<Vec<_>>().join(", ");
    row(&[&code(&route.name), &door("http"), &door("amqp"), &door("soap"), &leads, &route.allow.join(", ")])
}

fn by_path(description: &Value) -> Result<String> {
    let paths = description.get("paths").and_then(Value::as_object).context("no paths")?;
    let mut rows = String::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().context("no methods")? {
            let text = |name: &str| operation.get(name).and_then(Value::as_str);
            let told = text("summary").or_else(|| text("description")).with_context(|| format!("{method} {path}"))?;
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            rows.push_str(&row(&[&code(&format!("{} {path}", method.to_uppercase())), &told]));
        }
    }
    Ok(rows)
}
