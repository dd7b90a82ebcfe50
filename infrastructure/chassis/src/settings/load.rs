//! Reads the settings, and tries each override alone, so that all mistakes come at once.

use std::fmt;
use std::path::Path;

use config::{Config, ConfigError, File, FileFormat, Value};

use super::Settings;

/// Everything that is wrong with the settings.
#[derive(Debug)]
pub struct Mistakes(pub Vec<String>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the settings can't be used:")?;
        self.0.iter().try_for_each(|mistake| writeln!(f, "  - {mistake}"))
    }
}

impl std::error::Error for Mistakes {}

/// A value from outside, and where it came from.
struct Override {
    key: String,
    value: Value,
    source: String,
}

/// The settings of `binary`: `defaults` (TOML, with every key there is) ← `file` ← those variables of `environment`
/// that are called `<BINARY>__<SECTION>__<KEY>`.
pub fn load<S: Settings>(
    binary: &str,
    defaults: &str,
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<S, Mistakes> {
    let base = parse(defaults).map_err(|error| Mistakes(vec![format!("embedded defaults: {error}")]))?;
    let mut overrides = from_file(file)?;
    overrides.extend(from_environment(binary, environment));
    let known = leaves(&base);
    let mut mistakes = overrides.iter().filter_map(|one| judge::<S>(&base, &known, one)).collect::<Vec<_>>();
    if !mistakes.is_empty() {
        return Err(Mistakes(mistakes));
    }
    let settings: S =
        with(&base, &overrides).and_then(Config::try_deserialize).map_err(|error| Mistakes(vec![error.to_string()]))?;
    mistakes.extend(settings.telemetry().mistakes());
    mistakes.extend(settings.mistakes());
    if mistakes.is_empty() { Ok(settings) } else { Err(Mistakes(mistakes)) }
}

fn parse(toml: &str) -> Result<Config, ConfigError> {
    Config::builder().add_source(File::from_str(toml, FileFormat::Toml)).build()
}

fn from_file(file: Option<&Path>) -> Result<Vec<Override>, Mistakes> {
    let Some(path) = file else { return Ok(Vec::new()) };
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| Mistakes(vec![format!("{name}: {error}")]))?;
    let parsed = parse(&text).map_err(|error| Mistakes(vec![format!("{name}: {error}")]))?;
    let overrides = leaves(&parsed).into_iter().map(|(key, value)| Override { key, value, source: name.to_string() });
    Ok(overrides.collect())
}

fn from_environment(binary: &str, environment: impl IntoIterator<Item = (String, String)>) -> Vec<Override> {
    let prefix = format!("{}__", binary.replace('-', "_").to_uppercase());
    let ours = environment.into_iter().filter_map(|(name, value)| {
        let key = name.strip_prefix(&prefix)?.replace("__", ".").to_lowercase();
        Some(Override { key, value: value.into(), source: name })
    });
    ours.collect()
}

/// What is wrong with this override, if anything. The value is not repeated: it may be a secret.
fn judge<S: Settings>(base: &Config, known: &[(String, Value)], one: &Override) -> Option<String> {
    if !known.iter().any(|(key, _)| *key == one.key) {
        return Some(format!("{} ({}): there is no such setting{}", one.key, one.source, nearest(known, &one.key)));
    }
    let tried = with(base, std::slice::from_ref(one)).and_then(Config::try_deserialize::<S>);
    let error = tried.err()?;
    Some(format!("{} ({}): {}", one.key, one.source, without_value(&error)))
}

fn with(base: &Config, overrides: &[Override]) -> Result<Config, ConfigError> {
    let mut builder = Config::builder().add_source(base.clone());
    for one in overrides {
        builder = builder.set_override(&one.key, one.value.clone())?;
    }
    builder.build()
}

/// Every key with its value, such as `http.listen`.
fn leaves(config: &Config) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    collect("", &config.cache, &mut found);
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

fn collect(prefix: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    let Ok(table) = value.clone().into_table() else {
        found.push((prefix.to_owned(), value.clone()));
        return;
    };
    for (key, inner) in table {
        let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        collect(&path, &inner, found);
    }
}

/// A hint at the setting of the same section that was perhaps meant.
fn nearest(known: &[(String, Value)], key: &str) -> String {
    let section = key.split('.').next().unwrap_or(key);
    let same = known.iter().filter(|(other, _)| other.split('.').next() == Some(section));
    let names = same.map(|(other, _)| other.as_str()).collect::<Vec<_>>();
    if names.is_empty() { String::new() } else { format!("; there are {}", names.join(", ")) }
}

fn without_value(error: &ConfigError) -> String {
    match error {
        ConfigError::Type { expected, .. } => format!("{expected} is wanted"),
        ConfigError::At { error, .. } => error.to_string(),
        other => other.to_string(),
    }
}
