//! `cargo xtask status`: what runs.

use std::process::ExitCode;

use anyhow::Result;
use testbed::http;
use testbed::process::Identity;

use crate::local::{Board, State, Unit, now};
use crate::say;
use crate::supervise::WEB;

pub(crate) async fn run() -> Result<ExitCode> {
    let board = Board::read()?;
    if board.units.is_empty() {
        say::line("nothing runs; `cargo xtask up` starts it");
        return Ok(ExitCode::FAILURE);
    }
    let supervised = board.supervisor.is_some_and(Identity::is_alive);
    say::line(&format!(
        "{:<18} {:<11} {:>8} {:<24} {:>8} {:>9}",
        "NAME", "STATE", "PID", "ADDRESS", "RESTARTS", "SINCE"
    ));
    let mut all_up = supervised;
    for unit in &board.units {
        let state = state(unit).await;
        all_up &= state == State::Up.name();
        say::line(&row(unit, state));
    }
    if !supervised {
        say::line("the supervisor does not run; `cargo xtask up` brings everything back");
    }
    Ok(if all_up { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A binary may run without being ready: its engine may be away.
async fn state(unit: &Unit) -> &'static str {
    if unit.state == State::Up && !unit.is_up() {
        return State::Down.name();
    }
    let is_binary = unit.address.starts_with("http") && unit.name != WEB;
    if unit.is_up() && is_binary && !http::is_ok(&format!("{}/health/ready", unit.address)).await {
        return "not ready";
    }
    unit.state.name()
}

fn row(unit: &Unit, state: &str) -> String {
    let pid = unit.identity.map_or_else(|| "-".to_owned(), |identity| identity.pid.to_string());
    let since = age(now().saturating_sub(unit.since));
    let Unit { name, address, restarts, trouble, .. } = unit;
    let row = format!("{name:<18} {state:<11} {pid:>8} {address:<24} {restarts:>8} {since:>9}");
    match trouble {
        Some(trouble) => format!("{row}\n    {}", trouble.lines().next().unwrap_or_default()),
        None => row,
    }
}

fn age(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn ages_are_short_to_read() {
        assert_eq!([age(7), age(67), age(3_607), age(90_000)], ["7s", "1m07s", "1h00m", "25h00m"]);
    }
}
