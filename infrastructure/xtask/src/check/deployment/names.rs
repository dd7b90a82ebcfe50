//! Every setting that is named anywhere exists: an unknown one would stop the start.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use testbed::Binary;
use testbed::shared::repository;
use toml::Value;

/// The settings of a binary as the environment names them: `ORDER_SERVICE__DATABASE__URL`.
pub(super) fn settings(binary: Binary) -> Result<BTreeSet<String>> {
    let file = repository().join(binary.name()).join("settings.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let mut names = BTreeSet::new();
    collect(binary.variable(), &Value::Table(toml::from_str(&text)?), &mut names);
    Ok(names)
}

fn collect(prefix: &str, value: &Value, names: &mut BTreeSet<String>) {
    let Some(table) = value.as_table() else {
        names.insert(prefix.to_owned());
        return;
    };
    for (key, inner) in table {
        collect(&format!("{prefix}__{}", key.to_uppercase()), inner, names);
    }
}

/// What files name and nobody reads.
pub(super) fn check(infrastructure: &Path) -> Result<Vec<String>> {
    let mut known = BTreeSet::new();
    for binary in Binary::ALL {
        known.extend(settings(binary)?);
    }
    let mut files = Vec::new();
    collect_files(infrastructure, &mut files)?;
    let unknown = files.iter().flat_map(|(path, text)| {
        let named = named(text).into_iter().filter(|name| !known.contains(*name));
        named.map(|name| format!("{}: there is no setting {name}", path.display()))
    });
    Ok(unknown.collect())
}

fn collect_files(folder: &Path, files: &mut Vec<(PathBuf, String)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect_files(&path, files)?;
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push((path, text));
        }
    }
    Ok(())
}

/// What looks like a setting of ours.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    let is_ours = |word: &&str| {
        let rest = Binary::ALL.iter().find_map(|binary| word.strip_prefix(binary.variable()));
        rest.is_some_and(|rest| rest.starts_with("__"))
    };
    words.filter(is_ours).collect()
}

#[cfg(test)]
mod tests {
    use super::{Binary, check, named, repository, settings};

    #[test]
    fn deployments_name_only_settings_that_exist() {
        for folder in ["docker", "kubernetes", "serverless"] {
            let unknown = check(&repository().join("infrastructure").join(folder)).unwrap();
            assert!(unknown.is_empty(), "\n{}", unknown.join("\n"));
        }
        let compose = std::fs::read_to_string(repository().join("infrastructure/docker-compose.yml")).unwrap();
        let known: Vec<_> = Binary::ALL.into_iter().flat_map(|binary| settings(binary).unwrap()).collect();
        assert!(named(&compose).len() > 20);
        assert!(named(&compose).into_iter().all(|name| known.iter().any(|setting| setting == name)));
    }

    #[test]
    fn settings_are_named_as_the_environment_does() {
        let esb = settings(Binary::Esb).unwrap();
        assert!(esb.contains("ESB__RATE__AUTH__PER_MINUTE"));
        assert!(!esb.contains("ESB__RATE__AUTH"));
        let text = "ESB__HTTP__LISTEN: x\n - name: ORDER_SERVICE__DATABASE__URL\nESB_SECRET, MY_ESB__X";
        assert_eq!(named(text).into_iter().collect::<Vec<_>>(), ["ESB__HTTP__LISTEN", "ORDER_SERVICE__DATABASE__URL"]);
    }
}
