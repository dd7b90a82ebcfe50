//! `[dead_letters]` of the ESB's settings.

use std::time::Duration;

use serde::Deserialize;

/// How dead letters are kept and replayed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How long replayed and discarded ones are kept, in days; waiting ones stay.
    pub retention_days: u32,
    /// How often older ones are taken away, in seconds.
    pub purge_interval_s: u64,
    /// How many may be on their way from the queue into the store at once.
    pub at_once: u16,
    /// How long an instance may be silent before another goes on with its replays, in milliseconds.
    pub lease_ms: u64,
    /// How often replays that nobody works on are looked for, in milliseconds.
    pub scan_ms: u64,
    /// How long a replay that stops on failure waits after each batch for its messages to come back, in milliseconds.
    pub settle_ms: u64,
}

impl Settings {
    /// How long an instance may be silent.
    pub(super) const fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// What can't work, each beginning with its key.
    pub fn mistakes(&self) -> Vec<String> {
        let rules = [
            (self.retention_days >= 1, "dead_letters.retention_days: at least 1"),
            (self.purge_interval_s >= 1, "dead_letters.purge_interval_s: at least 1"),
            (self.at_once >= 1, "dead_letters.at_once: at least 1"),
            (self.lease_ms >= 300, "dead_letters.lease_ms: at least 300"),
            (self.scan_ms >= 10, "dead_letters.scan_ms: at least 10"),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned()).collect()
    }
}
