//! Placing orders: this system against the same system in `FastAPI`, on the same engines, in turns.

use std::time::Duration;

use anyhow::{Result, bail};
use testbed::engine::Durability;
use testbed::process::Bond;
use testbed::{Engines, Sites};

use crate::load::{Round, closed_loop};
use crate::sides::{Side, ours, peer};
use crate::{cpu, say};

const CALLERS: usize = 32;
const WARM_UP: Duration = Duration::from_secs(4);
const ROUND: Duration = Duration::from_secs(10);
const ROUNDS: usize = 3;

/// What a round came to, for one order.
struct Figures {
    round: Round,
    services_us: u128,
    engines_us: u128,
}

/// Starts both sides, lets them take turns, and prints what they did.
pub(crate) async fn run() -> Result<()> {
    let folder = testbed::shared::repository().join(".local").join("bench");
    let engines = Engines::open(&Sites::open(&folder, Durability::Power).await?, Bond::Starter);
    engines.start_missing().await?;
    let outcome = compare(&engines).await;
    engines.discard().await?;
    outcome
}

async fn compare(engines: &Engines) -> Result<()> {
    let sites = engines.sites();
    let pids = engines.all().iter().filter_map(|engine| engine.pid()?.try_into().ok()).collect::<Vec<_>>();
    say::line("starting this system and its peer on the same engines …");
    let compared = [ours(&sites).await?, peer(&sites).await?];
    for side in &compared {
        turn(side, WARM_UP, &pids).await?;
    }
    let mut figures = [Vec::new(), Vec::new()];
    for number in 1..=ROUNDS {
        for (side, figures) in compared.iter().zip(&mut figures) {
            let turn = turn(side, ROUND, &pids).await?;
            say::line(&format!("round {number}, {}: {:.0} orders/s", side.name, turn.round.rate()));
            figures.push(turn);
        }
    }
    report(&compared, figures.map(median));
    Ok(())
}

async fn turn(side: &Side, time: Duration, engines: &[u32]) -> Result<Figures> {
    let services = side.pids();
    let before = (cpu::used(&services)?, cpu::used(&cpu::families(engines))?);
    let shopping = side.shopping.clone();
    let round = closed_loop(CALLERS, time, move |caller, number| shopping.clone().buy(caller, number)).await?;
    let after = (cpu::used(&services)?, cpu::used(&cpu::families(engines))?);
    if round.failed * 100 > round.done {
        let why = round.first_failure.as_deref().unwrap_or("");
        bail!("{}: {} orders of {} failed: {why}", side.name, round.failed, round.done + round.failed);
    }
    let orders = u128::try_from(round.done.max(1))?;
    let each = |before: Duration, after: Duration| after.saturating_sub(before).as_micros() / orders;
    Ok(Figures { round, services_us: each(before.0, after.0), engines_us: each(before.1, after.1) })
}

/// The round with the median rate.
fn median(mut figures: Vec<Figures>) -> Option<Figures> {
    figures.sort_by(|a, b| a.round.rate().total_cmp(&b.round.rate()));
    let middle = figures.len() / 2;
    figures.into_iter().nth(middle)
}

fn report(sides: &[Side; 2], figures: [Option<Figures>; 2]) {
    let [Some(ours), Some(peer)] = figures else { return };
    say::line(&format!("\nplace-order, {CALLERS} callers, median of {ROUNDS} rounds of {} s", ROUND.as_secs()));
    say::line("|  | orders/s | p50 ms | p99 ms | CPU µs/order, services | CPU µs/order, engines |");
    say::line("|---|---|---|---|---|---|");
    for (side, figures) in sides.iter().zip([&ours, &peer]) {
        let Figures { round, services_us, engines_us } = figures;
        let ms = |percent| round.percentile(percent).as_secs_f64() * 1000.0;
        let (rate, p50, p99) = (round.rate(), ms(50), ms(99));
        say::line(&format!("| {} | {rate:.0} | {p50:.1} | {p99:.1} | {services_us} | {engines_us} |", side.name));
    }
    say::line(&format!("ratio: {:.1} times the peer's orders/s", ours.round.rate() / peer.round.rate()));
}
