//! Alerts and dashboards name only what is measured, and each alert has its runbook.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::meters;
use super::promql::{named, questions};
use super::sources::Sources;

const FOLDER: &str = "infrastructure/observability";
const ALERTS: &str = "infrastructure/observability/prometheus/alerts.yml";
const RUNBOOKS: &str = "infrastructure/docs/runbooks.md";
/// What Prometheus itself adds.
const ITS_METERS: [&str; 1] = ["up"];
const ITS_LABELS: [&str; 3] = ["job", "instance", "le"];

pub(super) fn check(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    let labels = labels(sources);
    for source in sources.files.iter().filter(|source| source.path.starts_with(FOLDER)) {
        let questions = match source.path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => serde_json::from_str(&source.text).map(|board| in_board(&board)),
            Some("yml") => Ok(values(&source.text, "expr").map(str::to_owned).collect()),
            _ => continue,
        };
        let path = source.path.display();
        match questions {
            Ok(questions) => {
                findings
                    .extend(questions.iter().flat_map(|one| wrong(one, &labels)).map(|why| format!("{path}: {why}")));
            }
            Err(error) => findings.push(format!("{path}: {error}")),
        }
    }
    let asked = questions(sources.text(RUNBOOKS).unwrap_or_default()).flat_map(|one| wrong(one, &labels));
    findings.extend(asked.map(|why| format!("{RUNBOOKS}: {why}")));
    findings.extend(runbooks(sources));
    findings
}

/// The labels of every series that there is.
fn labels(sources: &Sources) -> BTreeMap<String, BTreeSet<String>> {
    let tables = meters::tables(sources).unwrap_or_default();
    let mut labels = BTreeMap::new();
    for meter in tables.into_iter().flat_map(|(_, meters)| meters) {
        let endings: &[&str] = if meter.kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
        for ending in endings {
            labels.insert(format!("{}{ending}", meter.name), meter.labels.iter().cloned().collect());
        }
    }
    labels
}

/// What a question names and is not there.
fn wrong(question: &str, known: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let named = named(question);
    let meters = named.meters.iter().filter(|meter| !ITS_METERS.contains(meter) && !known.contains_key(**meter));
    let theirs = named.meters.iter().filter_map(|meter| known.get(*meter)).flatten().collect::<BTreeSet<_>>();
    let is_known = |label: &&&str| ITS_LABELS.contains(label) || theirs.iter().any(|other| other.as_str() == **label);
    let labels = named.labels.iter().filter(|label| !is_known(label));
    meters
        .map(|name| format!("nothing measures `{name}`"))
        .chain(labels.map(|name| format!("no label `{name}`")))
        .collect()
}

fn in_board(board: &Value) -> Vec<String> {
    match board {
        Value::Object(fields) => {
            let own = fields.get("expr").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(in_board)).collect()
        }
        Value::Array(items) => items.iter().flat_map(in_board).collect(),
        _ => Vec::new(),
    }
}

/// The values of a key in YAML, where each stands in the key's own line.
fn values<'a>(yaml: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = yaml.lines().map(|line| line.trim_start().trim_start_matches("- "));
    lines.filter_map(move |line| line.strip_prefix(key)?.strip_prefix(": "))
}

/// Each alert leads to a heading of the runbooks, and each heading is an alert's.
fn runbooks(sources: &Sources) -> Vec<String> {
    let text =
        |path: &str| sources.files.iter().find(|source| source.path.ends_with(path)).map_or("", |source| &source.text);
    let headings = text(RUNBOOKS).lines().filter_map(|line| line.strip_prefix("## "));
    let headings = headings.map(|heading| heading.to_lowercase().replace(' ', "-")).collect::<BTreeSet<_>>();
    let alerts = values(text(ALERTS), "alert").count();
    let prefix = format!("{RUNBOOKS}#");
    let led = values(text(ALERTS), "runbook_url").filter_map(|url| url.strip_prefix(&prefix)).map(str::to_owned);
    let led = led.collect::<BTreeSet<_>>();
    let mut findings = Vec::new();
    if led.len() != alerts {
        findings.push(format!("{ALERTS}: {alerts} alerts lead to {} runbooks", led.len()));
    }
    findings.extend(led.difference(&headings).map(|anchor| format!("{RUNBOOKS}: `{anchor}` is missing")));
    findings.extend(headings.difference(&led).map(|anchor| format!("{ALERTS}: no alert leads to `{anchor}`")));
    findings
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{values, wrong};

    #[test]
    fn what_is_not_there_is_found() {
        let known = BTreeMap::from([("a_total".to_owned(), BTreeSet::from(["route".to_owned()]))]);
        assert!(wrong("sum by (route, job) (rate(a_total[5m])) and up == 0", &known).is_empty());
        assert_eq!(wrong("rate(b_total[5m])", &known), ["nothing measures `b_total`"]);
        assert_eq!(wrong("a_total{status=\"5\"}", &known), ["no label `status`"]);
        assert_eq!(values("- alert: X\n  expr: up == 0", "expr").collect::<Vec<_>>(), ["up == 0"]);
    }
}
