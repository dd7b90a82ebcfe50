//! `cargo xtask env`: the secrets of an installation from images, random and nowhere else, for compose and Kubernetes alike.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use testbed::engine::secret;
use testbed::process::private_file;
use testbed::shared::repository;

use crate::say;

const EXAMPLE: &str = ".env.example";
const FILE: &str = ".env";
/// Where the overlay for development reads its secrets.
const FOLDER: &str = "kubernetes/overlays/dev/secrets";
const RANDOM: &str = "<random>";

/// A secret of Kubernetes, a key of it, and what it holds: `$NAME` of `.env`, or the text itself.
type Entry = (&'static str, &'static str, &'static str);

const ENTRIES: [Entry; 24] = [
    ("accounts", "operator-email", "$OPERATOR_EMAIL"),
    ("accounts", "operator-password", "$OPERATOR_PASSWORD"),
    ("accounts", "client-id", "$CLIENT_ID"),
    ("accounts", "client-secret", "$CLIENT_SECRET"),
    ("accounts", "esb-secret", "$ESB_SECRET"),
    ("accounts", "services-secret", "$SERVICES_SECRET"),
    ("customer-db", "username", "customers"),
    ("customer-db", "password", "$CUSTOMER_DB_PASSWORD"),
    ("customer-db", "admin-password", "$CUSTOMER_DB_ADMIN_PASSWORD"),
    ("esb-db", "username", "esb"),
    ("esb-db", "password", "$ESB_DB_PASSWORD"),
    ("esb-db", "admin-password", "$ESB_DB_ADMIN_PASSWORD"),
    ("order-db", "username", "orders"),
    ("order-db", "password", "$ORDER_DB_PASSWORD"),
    ("order-db", "admin-password", "$ORDER_DB_ADMIN_PASSWORD"),
    ("payment-db", "username", "payments"),
    ("payment-db", "password", "$PAYMENT_DB_PASSWORD"),
    ("payment-db", "admin-password", "$PAYMENT_DB_ADMIN_PASSWORD"),
    ("payment-db", "key", "$PAYMENT_DB_KEY"),
    ("broker-admin", "password", "$BROKER_ADMIN_PASSWORD"),
    ("broker-customer-service", "password", "$BROKER_CUSTOMER_SERVICE_PASSWORD"),
    ("broker-order-service", "password", "$BROKER_ORDER_SERVICE_PASSWORD"),
    ("broker-payment-service", "password", "$BROKER_PAYMENT_SERVICE_PASSWORD"),
    ("broker-esb", "password", "$BROKER_ESB_PASSWORD"),
];

/// Writes them, unless they are there: other ones would not fit the volumes.
pub(crate) fn run() -> Result<ExitCode> {
    let infrastructure = repository().join("infrastructure");
    let is_there = infrastructure.join(FILE).is_file();
    write(&infrastructure)?;
    let said = if is_there { "was there and is kept" } else { "is new" };
    say::line(&format!("infrastructure/{FILE} {said}; infrastructure/{FOLDER} has the same secrets"));
    Ok(ExitCode::SUCCESS)
}

/// The same for a folder that looks like `infrastructure`; gives back what `.env` says.
pub(crate) fn write(infrastructure: &Path) -> Result<BTreeMap<String, String>> {
    let (example, file) = (infrastructure.join(EXAMPLE), infrastructure.join(FILE));
    if !file.is_file() {
        let text = fs::read_to_string(&example).with_context(|| format!("could not read {}", example.display()))?;
        private_file(&file, &filled(&text), None)?;
    }
    let values = parse(&fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?);
    let folder = infrastructure.join(FOLDER);
    fs::create_dir_all(&folder)?;
    for (name, text) in secrets(&values)? {
        private_file(&folder.join(format!("{name}.env")), &text, None)?;
    }
    Ok(values)
}

fn filled(example: &str) -> String {
    let line = |line: &str| if line.starts_with('#') { line.to_owned() } else { line.replace(RANDOM, &secret()) };
    example.lines().map(|text| line(text) + "\n").collect()
}

fn parse(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The files of the secrets, by name.
fn secrets(values: &BTreeMap<String, String>) -> Result<BTreeMap<&'static str, String>> {
    let mut files: BTreeMap<_, String> = BTreeMap::new();
    for (name, key, what) in ENTRIES {
        let value = match what.strip_prefix('$') {
            Some(variable) => values.get(variable).with_context(|| format!("{FILE} does not say {variable}"))?,
            None => what,
        };
        writeln!(files.entry(name).or_default(), "{key}={value}")?;
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{filled, parse, repository, secrets};

    #[test]
    fn every_secret_of_the_example_becomes_another_one() {
        let example = std::fs::read_to_string(repository().join("infrastructure/.env.example")).unwrap();
        let random = parse(&example).into_iter().filter(|(_, value)| value == "<random>").count();
        let values = parse(&filled(&example));
        let new: BTreeSet<_> = values.values().filter(|value| value.len() == 24).collect();
        assert_eq!(new.len(), random);
        assert!(!values.values().any(|value| value.contains('<')));
        assert_eq!(secrets(&values).unwrap().len(), 10);
    }

    #[test]
    fn a_variable_that_is_missing_is_named() {
        let error = secrets(&parse("OPERATOR_EMAIL=a@b.example\n")).unwrap_err();
        assert_eq!(error.to_string(), ".env does not say OPERATOR_PASSWORD");
    }
}
