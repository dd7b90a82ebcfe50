//! `[registry]`

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::address::Hosts;

/// How services register.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where others reach this ESB, which registers itself there; empty: it does not.
    pub public_url: String,
    /// Where services may be; empty: anywhere.
    pub hosts: Hosts,
    /// Who may register what `[services]` names, separated by spaces.
    pub own_clients: String,
    /// How often the registry is read, in milliseconds.
    pub poll_ms: u64,
    /// How many instances there may be.
    pub instances_max: u32,
}

impl Settings {
    pub(super) const fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }

    /// What is wrong beyond types.
    pub fn mistakes(&self) -> Vec<String> {
        let is_url = |text: &str| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let rules = [
            (self.public_url.is_empty() || is_url(&self.public_url), "registry.public_url: must be http or https"),
            ((10..=1000).contains(&self.poll_ms), "registry.poll_ms: must be 10 to 1000"),
            (self.instances_max >= 1, "registry.instances_max: at least 1"),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned()).collect()
    }
}
