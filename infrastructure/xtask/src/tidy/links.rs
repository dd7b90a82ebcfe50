//! Links in the documents lead somewhere.

use std::path::Path;

use testbed::shared::repository;

use super::sources::{Source, Sources};

pub(super) fn check(sources: &Sources) -> Vec<String> {
    sources.files.iter().filter(|source| source.has_extension("md")).flat_map(broken).collect()
}

fn broken(source: &Source) -> Vec<String> {
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let mut findings = Vec::new();
    let mut in_code = false;
    for (index, line) in source.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        let targets = targets(line).into_iter().filter(|target| !in_code && is_local(target));
        let dead = targets.filter(|target| !exists(folder, target));
        findings
            .extend(dead.map(|target| format!("{}:{}: `{target}` leads nowhere", source.path.display(), index + 1)));
    }
    findings
}

/// What stands between `](` and `)`.
fn targets(line: &str) -> Vec<&str> {
    let rests = line.split("](").skip(1);
    rests.filter_map(|rest| rest.split([')', ' ']).next()).collect()
}

fn is_local(target: &str) -> bool {
    !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") && !target.starts_with('#')
}

fn exists(folder: &Path, target: &str) -> bool {
    let file = target.split('#').next().unwrap_or_default();
    let from = if file.starts_with('/') { repository() } else { repository().join(folder) };
    from.join(file.trim_start_matches('/')).exists()
}

#[cfg(test)]
mod tests {
    use super::{is_local, targets};

    #[test]
    fn links_are_found_in_a_line() {
        assert_eq!(targets("see [a](one.md) and ![b](two.svg \"title\")"), ["one.md", "two.svg"]);
        assert!(!is_local("https://example.com"));
        assert!(is_local("docs/x.md#y"));
    }
}
