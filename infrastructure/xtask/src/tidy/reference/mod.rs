//! Pages that repeat what stands elsewhere are made of it: `cargo xtask gen` writes them, and a stale one is a finding.

mod problems;
mod routes;
mod settings;

use std::fs;

use anyhow::{Context, Result};
use testbed::shared::repository;

use super::meters;
use super::sources::Sources;

type Maker = fn(&Sources) -> Result<String>;

/// A page, and what makes it.
const PAGES: [(&str, Maker); 3] = [
    ("infrastructure/docs/settings.md", settings::page),
    ("infrastructure/docs/routes.md", routes::page),
    ("infrastructure/docs/metrics.md", meters::page),
];

/// Writes the pages anew.
pub(crate) fn write() -> Result<()> {
    let sources = Sources::read(&repository())?;
    for (path, page) in PAGES {
        fs::write(repository().join(path), page(&sources)?).with_context(|| format!("could not write {path}"))?;
    }
    Ok(())
}

/// Pages that are not what they are made of, and problems that the table does not have.
pub(super) fn check(sources: &Sources) -> Vec<String> {
    let pages = PAGES.iter().filter_map(|(path, page)| stale(sources, path, page(sources)));
    pages.chain(problems::check(sources)).collect()
}

fn stale(sources: &Sources, path: &str, page: Result<String>) -> Option<String> {
    match page {
        Ok(page) if sources.text(path) == Some(page.as_str()) => None,
        Ok(_) => Some(format!("{path}: is stale; `cargo xtask gen` writes it")),
        Err(error) => Some(format!("{path}: can't be made: {error:#}")),
    }
}

/// A row of a table.
fn row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>();
    format!("| {} |\n", cells.join(" | "))
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}
