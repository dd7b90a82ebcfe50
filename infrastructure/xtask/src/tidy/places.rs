//! What may be said only in certain places, or nowhere.

use super::sources::{Source, Sources};

/// Errors become HTTP in the chassis; the bus speaks HTTP for a living; tests compare.
const MAY_NAME_STATUS: [&str; 3] = ["infrastructure/chassis", "infrastructure/e2e", "esb"];
const STATUS: &str = concat!("Status", "Code::");
/// Where somebody's machine shows through.
const HOMES: [&str; 4] = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Us", "ers/"), concat!("/ho", "me/")];
const TEXTS: [&str; 14] =
    ["rs", "toml", "md", "yml", "yaml", "json", "ts", "tsx", "css", "html", "sh", "sql", "py", "conf"];

pub(super) fn check(sources: &Sources) -> Vec<String> {
    let statuses = sources.rust().flat_map(status_codes);
    statuses.chain(sources.files.iter().flat_map(homes)).collect()
}

fn status_codes(source: &Source) -> Vec<String> {
    if source.is_test() || MAY_NAME_STATUS.iter().any(|place| source.path.starts_with(place)) {
        return Vec::new();
    }
    let lines = source.code().filter(|(_, line)| line.contains(STATUS));
    let path = source.path.display();
    lines.map(|(number, _)| format!("{path}:{number}: a status code outside the chassis; return a `Fault`")).collect()
}

fn homes(source: &Source) -> Vec<String> {
    let extension = source.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if !TEXTS.contains(&extension) || source.path.ends_with("package-lock.json") {
        return Vec::new();
    }
    let path = source.path.display();
    let mut findings = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        if let Some(home) = HOMES.iter().find(|home| names_home(line, home)) {
            findings.push(format!("{path}:{}: `{home}` is a folder of one machine", index + 1));
        }
    }
    findings
}

/// Not in the middle of a longer path, such as a route.
fn names_home(line: &str, home: &str) -> bool {
    let starts_path = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || "}>.-_".contains(c));
    line.match_indices(home).any(|(at, _)| line.get(..at).is_some_and(starts_path))
}

#[cfg(test)]
mod tests {
    use super::{HOMES, names_home};

    #[test]
    fn a_home_is_found_and_a_route_is_not() {
        assert!(names_home(&format!("see {}me/x", HOMES[0]), HOMES[0]));
        assert!(!names_home(&format!("https://example.com{}x", HOMES[3]), HOMES[3]));
    }
}
