//! What runs, as the supervisor writes it down for `status`, for `up`, and in `.local/env` for everybody else.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use testbed::process::{Identity, private_file};

/// How a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Waiting,
    Starting,
    Up,
    Restarting,
    Down,
}

impl State {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Starting => "starting",
            Self::Up => "up",
            Self::Restarting => "restarting",
            Self::Down => "down",
        }
    }
}

/// One supervised process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) product: String,
    pub(crate) address: String,
    pub(crate) state: State,
    pub(crate) identity: Option<Identity>,
    pub(crate) restarts: u32,
    /// When the state began, in seconds since 1970.
    pub(crate) since: u64,
    /// Why it is not up.
    pub(crate) trouble: Option<String>,
    /// When the file of its program was written, in milliseconds: another one is there after a build.
    pub(crate) built: Option<u128>,
}

/// All of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Board {
    pub(crate) supervisor: Option<Identity>,
    pub(crate) units: Vec<Unit>,
    /// What `.local/env` says beside the pids.
    pub(crate) env: BTreeMap<String, String>,
}

impl Board {
    /// As it was written last.
    pub(crate) fn read() -> Result<Self> {
        let file = super::folder().join("status.json");
        let Ok(text) = fs::read_to_string(&file) else { return Ok(Self::default()) };
        serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))
    }

    /// For everybody to see.
    pub(crate) fn write(&self) -> Result<()> {
        private_file(&super::folder().join("status.json"), &serde_json::to_string_pretty(self)?, None)?;
        if self.env.is_empty() {
            return Ok(());
        }
        private_file(&super::folder().join("env"), &self.lines(), None)
    }

    /// Whether all of it runs.
    pub(crate) fn is_up(&self) -> bool {
        !self.units.is_empty() && self.units.iter().all(Unit::is_up)
    }

    /// Those that still run, the supervisor first.
    pub(crate) fn alive(&self) -> Vec<Identity> {
        let units = self.units.iter().filter_map(|unit| unit.identity);
        self.supervisor.into_iter().chain(units).filter(|identity| identity.is_alive()).collect()
    }

    fn lines(&self) -> String {
        let pids = self.units.iter().filter_map(|unit| Some((unit.variable(), unit.identity?.pid.to_string())));
        let all = self.env.clone().into_iter().chain(pids);
        all.fold(String::new(), |text, (key, value)| text + &key + "=" + &value + "\n")
    }
}

impl Unit {
    /// Whether it was up when it was looked at last, and has not died since.
    pub(crate) fn is_up(&self) -> bool {
        self.state == State::Up && self.identity.is_some_and(Identity::is_alive)
    }

    fn variable(&self) -> String {
        format!("PID_{}", self.name.to_uppercase().replace('-', "_"))
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs()
}
