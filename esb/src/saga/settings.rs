//! `[saga]` of the ESB's settings.

use std::time::Duration;

use serde::Deserialize;

/// How patient sagas are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How long a saga may try to get to its point of no return before it turns back, in seconds.
    pub deadline_s: u64,
    /// How long a process may be silent before another takes its sagas, in milliseconds.
    pub lease_ms: u64,
    /// How often a process looks for sagas that nobody works on, in milliseconds.
    pub scan_ms: u64,
    /// How many sagas a process works on at once.
    pub in_flight_max: usize,
    /// How often a step is asked (from the pivot on, and on the way back) before a person must look.
    pub attempts_max: u32,
    /// The pause after the first unclear answer, in milliseconds; it doubles each time.
    pub backoff_ms: u64,
    /// The longest such pause, in milliseconds.
    pub backoff_max_ms: u64,
    /// How long a step may take before its silence counts as an unclear answer, in milliseconds.
    pub step_timeout_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deadline_s: 3_600,
            lease_ms: 5_000,
            scan_ms: 1_000,
            in_flight_max: 256,
            attempts_max: 400,
            backoff_ms: 100,
            backoff_max_ms: 10_000,
            step_timeout_ms: 30_000,
        }
    }
}

impl Settings {
    pub(super) const fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// The pause after the `attempts`-th try; `roll`, from 0 to 1, spreads those who failed together.
    pub(super) fn pause(&self, attempts: u32, roll: f64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(20);
        let full = self.backoff_ms.saturating_mul(1 << doublings).min(self.backoff_max_ms);
        Duration::from_millis(full).mul_f64(0.5 + roll.clamp(0.0, 1.0) / 2.0)
    }

    /// What can't work, each beginning with its key.
    pub fn mistakes(&self) -> Vec<String> {
        let rules = [
            (self.lease_ms >= 300, "saga.lease_ms: at least 300"),
            (self.scan_ms >= 10, "saga.scan_ms: at least 10"),
            (self.in_flight_max >= 1, "saga.in_flight_max: at least 1"),
            (self.attempts_max >= 1, "saga.attempts_max: at least 1"),
            (self.backoff_ms >= 1, "saga.backoff_ms: at least 1"),
            (self.step_timeout_ms >= 1, "saga.step_timeout_ms: at least 1"),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned()).collect()
    }
}
