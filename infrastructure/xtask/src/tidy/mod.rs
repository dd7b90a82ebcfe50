//! `cargo xtask tidy`: the rules of the layout that no compiler checks. All findings at once.

mod commands;
mod files;
mod layers;
mod links;
mod meters;
mod places;
pub(crate) mod promql;
pub(crate) mod reference;
mod sources;
mod trees;
mod watching;

use std::process::ExitCode;

use anyhow::Result;
use testbed::shared::repository;

use self::sources::Sources;
use crate::say;

pub(crate) fn run() -> ExitCode {
    match findings() {
        Ok(found) if found.is_empty() => {
            say::line("tidy");
            ExitCode::SUCCESS
        }
        Ok(found) => {
            say::trouble(&format!("{} findings\n{}", found.len(), found.join("\n")));
            ExitCode::FAILURE
        }
        Err(error) => {
            say::trouble(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// What is wrong, a line each, sorted.
pub(crate) fn findings() -> Result<Vec<String>> {
    let sources = Sources::read(&repository())?;
    let layout = [files::check, places::check, layers::check, trees::check, links::check];
    let said = [reference::check, meters::check, watching::check, commands::check];
    let mut findings: Vec<String> = layout.iter().chain(&said).flat_map(|rule| rule(&sources)).collect();
    findings.sort();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        let findings = super::findings().unwrap();
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }
}
