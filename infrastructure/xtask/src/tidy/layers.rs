//! Arrows point down: `http, messages → store → domain → contracts`.

use super::sources::{Source, Sources};
use super::trees::SERVICES;

/// A layer, and what it may not know of.
const FORBIDDEN: [(&str, &[&str]); 2] = [("domain", &["http", "messages", "store"]), ("store", &["http", "messages"])];
/// What the rules of the business are no concern of.
const FOREIGN_TO_DOMAIN: [&str; 5] = ["actix_web", "diesel", "diesel_async", "mongodb", "reqwest"];

pub(super) fn check(sources: &Sources) -> Vec<String> {
    sources.rust().filter(|source| !source.is_test()).flat_map(findings).collect()
}

fn findings(source: &Source) -> Vec<String> {
    let Some(layer) = layer_of(source) else { return Vec::new() };
    let forbidden = FORBIDDEN.iter().filter(|(of, _)| *of == layer).flat_map(|(_, forbidden)| forbidden.iter());
    let mut findings = Vec::new();
    for other in forbidden {
        let lines = source.code().filter(|(_, line)| uses(line, other));
        findings.extend(lines.map(|(number, _)| finding(source, number, layer, other)));
    }
    if layer == "domain" {
        for other in FOREIGN_TO_DOMAIN {
            let lines = source.code().filter(|(_, line)| names_crate(line, other));
            findings.extend(lines.map(|(number, _)| finding(source, number, layer, other)));
        }
    }
    findings
}

fn finding(source: &Source, number: usize, layer: &str, other: &str) -> String {
    format!("{}:{number}: `{layer}` may not use `{other}`", source.path.display())
}

fn layer_of(source: &Source) -> Option<&str> {
    let service = SERVICES.iter().find(|service| source.path.starts_with(service))?;
    let inside = source.path.strip_prefix(service).ok()?.strip_prefix("src").ok()?;
    let first = inside.iter().next()?.to_str()?;
    Some(first.trim_end_matches(".rs"))
}

fn uses(line: &str, module: &str) -> bool {
    let grouped = line.split_once("crate::{").map(|(_, rest)| rest);
    let in_group = |rest: &str| rest.split(',').any(|item| starts_with_word(item.trim_start(), module));
    line.split("crate::").skip(1).any(|rest| starts_with_word(rest, module)) || grouped.is_some_and(in_group)
}

fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        let starts = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        starts && line.get(at + name.len()..).is_some_and(|after| after.starts_with("::") || after.starts_with(';'))
    })
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::{names_crate, uses};

    #[test]
    fn a_use_is_found_alone_and_in_a_group() {
        assert!(uses("use crate::http::routes;", "http"));
        assert!(uses("use crate::{domain::Name, http};", "http"));
        assert!(!uses("use crate::https::x;", "http"));
        assert!(!uses("use crate::{domain::Name, https};", "http"));
    }

    #[test]
    fn a_crate_is_found_by_its_whole_name() {
        assert!(names_crate("use diesel::prelude::*;", "diesel"));
        assert!(!names_crate("use diesel_async::X;", "diesel"));
    }
}
