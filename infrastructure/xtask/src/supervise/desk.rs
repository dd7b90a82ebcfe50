//! Where the keepers report, and where they see how the others are.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use testbed::process::Identity;

use super::part::Part;
use crate::local::{Board, State, Unit, now};
use crate::say;

/// The board, shared.
#[derive(Debug)]
pub(super) struct Desk(Mutex<Board>);

impl Desk {
    pub(super) fn new(own: Option<Identity>, env: BTreeMap<String, String>, parts: &[Part]) -> Self {
        let board = Board { supervisor: own, units: parts.iter().map(Part::unit).collect(), env };
        let desk = Self(Mutex::new(board));
        desk.change("", |_| {});
        desk
    }

    /// Changes what is known of a part, and tells the world.
    pub(super) fn change(&self, name: &str, change: impl FnOnce(&mut Unit)) {
        let mut board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(unit) = board.units.iter_mut().find(|unit| unit.name == name) {
            let before = unit.state;
            change(unit);
            if unit.state != before {
                unit.since = now();
                let trouble = unit.trouble.as_deref().unwrap_or_default();
                say::line(&format!("{} {name} {} {trouble}", unit.since, unit.state.name()));
            }
        }
        if let Err(error) = board.write() {
            say::trouble(&format!("could not write the status: {error:#}"));
        }
    }

    pub(super) fn are_up(&self, names: &[&str]) -> bool {
        let board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_up = |name: &&str| board.units.iter().any(|unit| unit.name == **name && unit.state == State::Up);
        names.iter().all(is_up)
    }

    /// Whether all binaries have ended, so that the engines may.
    pub(super) fn is_quiet(&self, engines: &[&str]) -> bool {
        let board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut binaries = board.units.iter().filter(|unit| !engines.contains(&unit.name.as_str()));
        binaries.all(|unit| unit.state == State::Down)
    }
}
