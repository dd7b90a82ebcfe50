//! Which route files there are: those compiled in, and those of a folder.

use std::fs;
use std::path::Path;

use super::file::RouteFile;

/// The files compiled in.
const SHIPPED: [(&str, &str); 6] = [
    ("auth.toml", include_str!("../../routes/auth.toml")),
    ("channels.toml", include_str!("../../routes/channels.toml")),
    ("customers.toml", include_str!("../../routes/customers.toml")),
    ("orders.toml", include_str!("../../routes/orders.toml")),
    ("payments.toml", include_str!("../../routes/payments.toml")),
    ("products.toml", include_str!("../../routes/products.toml")),
];

/// Everything that is wrong with the routes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the routes can't be used:\n  - {}", .0.join("\n  - "))]
pub struct RouteError(pub Vec<String>);

/// The shipped files, and those of the folders `dirs` (separated by colons; none where empty): a file of the same name
/// takes the place of a shipped one.
pub fn load(dirs: &str) -> Result<Vec<RouteFile>, RouteError> {
    let folders = dirs.split(':').filter(|dir| !dir.is_empty());
    let own = folders.map(|dir| read(Path::new(dir))).collect::<Result<Vec<_>, _>>()?.concat();
    let shipped = SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let kept = shipped.filter(|(name, _)| !own.iter().any(|(other, _)| other == name)).collect::<Vec<_>>();
    let parsed = kept.into_iter().chain(own.iter().cloned()).map(|(name, text)| RouteFile::parse(&name, &text));
    let (files, errors): (Vec<_>, Vec<_>) = parsed.partition(Result::is_ok);
    let findings = errors.into_iter().filter_map(Result::err).collect::<Vec<_>>();
    if findings.is_empty() { Ok(files.into_iter().flatten().collect()) } else { Err(RouteError(findings)) }
}

fn read(dir: &Path) -> Result<Vec<(String, String)>, RouteError> {
    let wrong = |path: &Path, error: std::io::Error| RouteError(vec![format!("{}: {error}", path.display())]);
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| wrong(dir, error))? {
        let path = entry.map_err(|error| wrong(dir, error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path).map_err(|error| wrong(&path, error))?));
        }
    }
    files.sort();
    Ok(files)
}
