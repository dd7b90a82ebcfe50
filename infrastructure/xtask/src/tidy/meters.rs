//! What is measured: the tables beside the code, the code, and the page for operators say the same.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::sources::{Source, Sources};

const TABLE: &str = "meters.toml";
const INTRODUCTION: &str = "# Metrics\n\nMade by `cargo xtask gen` from the `meters.toml` of each crate. Every \
    binary tells them at `/metrics`, in\nPrometheus's format; a histogram has `_bucket`, `_sum` and `_count`. Labels have \
    few values: patterns and names, never ids or\npaths.\n";

/// A table as it is written.
#[derive(Deserialize)]
struct Table {
    meter: Vec<Meter>,
}

/// Something that is measured.
#[derive(Deserialize)]
pub(super) struct Meter {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    help: String,
}

/// The tables, by the folders that they are in.
pub(super) fn tables(sources: &Sources) -> Result<Vec<(PathBuf, Vec<Meter>)>> {
    let files = sources.files.iter().filter(|source| source.path.ends_with(TABLE));
    let mut tables = files.map(read).collect::<Result<Vec<_>>>()?;
    tables.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(tables)
}

fn read(source: &Source) -> Result<(PathBuf, Vec<Meter>)> {
    let table: Table = toml::from_str(&source.text).with_context(|| format!("{}", source.path.display()))?;
    Ok((source.path.with_file_name(""), table.meter))
}

pub(super) fn check(sources: &Sources) -> Vec<String> {
    let tables = match tables(sources) {
        Ok(tables) => tables,
        Err(error) => return vec![format!("{error:#}")],
    };
    let mut findings = Vec::new();
    for (folder, meters) in &tables {
        let code = sources.rust().filter(|source| source.path.starts_with(folder.join("src")));
        let said = code.flat_map(|source| strings(&source.text)).collect::<BTreeSet<_>>();
        let unused = meters.iter().filter(|meter| !said.contains(meter.name.as_str()));
        findings
            .extend(unused.map(|meter| format!("{}: nothing measures `{}`", folder.join(TABLE).display(), meter.name)));
        findings.extend(meters.iter().filter_map(misnamed));
    }
    let known = tables.iter().flat_map(|(_, meters)| meters).map(|meter| meter.name.as_str()).collect::<BTreeSet<_>>();
    // All but these very checks.
    let is_ours = |source: &&Source| {
        source.path.iter().any(|part| part == "src") && !source.path.iter().any(|part| part == "xtask")
    };
    for source in sources.rust().filter(is_ours) {
        let unknown = measured(&source.text).into_iter().filter(|name| !known.contains(name));
        findings.extend(unknown.map(|name| format!("{}: `{name}` is in no {TABLE}", source.path.display())));
    }
    findings
}

fn misnamed(meter: &Meter) -> Option<String> {
    let fits = match meter.kind.as_str() {
        "counter" => meter.name.ends_with("_total"),
        "gauge" => !meter.name.ends_with("_total"),
        "histogram" => ["_seconds", "_size", "_bytes"].iter().any(|unit| meter.name.ends_with(unit)),
        _ => false,
    };
    (!fits).then(|| format!("{TABLE}: `{}` is no name for a {}", meter.name, meter.kind))
}

/// Every string of one line in the code.
fn strings(code: &str) -> impl Iterator<Item = &str> {
    code.lines().flat_map(|line| line.split('"').skip(1).step_by(2))
}

/// The names that the code hands to the macros that measure.
fn measured(code: &str) -> Vec<&str> {
    let after = ["counter!(", "gauge!(", "histogram!("].into_iter().flat_map(|call| code.split(call).skip(1));
    after.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect()
}

/// The page, as the tables say it.
pub(super) fn page(sources: &Sources) -> Result<String> {
    let mut page = INTRODUCTION.to_owned();
    for (folder, meters) in tables(sources)? {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let title = if name == "chassis" { "every binary".to_owned() } else { name };
        // Writing to a string can't fail.
        writeln!(page, "\n## Of {title}\n\n| name | type | labels | meaning |\n|---|---|---|---|").ok();
        for Meter { name, kind, labels, help } in meters {
            let labels = labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
            writeln!(page, "| `{name}` | {kind} | {labels} | {help} |").ok();
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::{measured, strings};

    #[test]
    fn names_are_found_in_code() {
        let code =
            "metrics::counter!(\"a_total\").increment(1);\nlet x = metrics::gauge!(\n    \"b\", \"l\" => \"v\");";
        assert_eq!(measured(code), ["a_total", "b"]);
        assert_eq!(strings(code).collect::<Vec<_>>(), ["a_total", "b", "l", "v"]);
    }
}
