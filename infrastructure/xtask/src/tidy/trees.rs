//! What is alike looks alike: the three services have one skeleton, and call its bones by the same names.

use std::path::Path;

use super::sources::Sources;

pub(super) const SERVICES: [&str; 3] = ["customer-service", "order-service", "payment-service"];
const FILES: [&str; 6] =
    ["README.md", "settings.toml", "src/main.rs", "src/lib.rs", "src/settings.rs", "tests/it/main.rs"];
const FOLDERS: [&str; 3] = ["src/domain", "src/http", "src/store"];
/// What others call the same thing.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("db", "store"),
    ("persistence", "store"),
    ("repository", "store"),
    ("repositories", "store"),
    ("handlers", "http"),
    ("api", "http"),
    ("models", "domain"),
    ("consumers", "messages"),
    ("events", "messages"),
];

pub(super) fn check(sources: &Sources) -> Vec<String> {
    let mut findings = test_binaries(sources);
    for service in SERVICES.map(Path::new) {
        let has_file = |name: &str| sources.files.iter().any(|source| source.path == service.join(name));
        let has_folder = |name: &str| sources.folders.contains_key(&service.join(name));
        let files = FILES.into_iter().filter(|name| !has_file(name));
        let missing = files.chain(FOLDERS.into_iter().filter(|name| !has_folder(name)));
        findings.extend(missing.map(|name| format!("{}: has no `{name}`, as every service has", service.display())));
        let strange = OTHER_NAMES.iter().filter(|(name, _)| has_folder(&format!("src/{name}")));
        let shown = service.display();
        findings.extend(strange.map(|(name, ours)| format!("{shown}/src/{name}: is called `{ours}` in every service")));
    }
    findings
}

/// Every test binary is linked for itself, so each crate has one.
fn test_binaries(sources: &Sources) -> Vec<String> {
    let is_stray = |path: &&Path| path.parent().is_some_and(|parent| parent.ends_with("tests"));
    let strays = sources.rust().map(|source| source.path.as_path()).filter(is_stray);
    strays.map(|path| format!("{}: tests belong in tests/it/", path.display())).collect()
}
