//! The message channel: consume with manual acks, publish with confirms, 1 KiB, persistent, quorum queues. The bus against
//! the same loop in bare lapin and in Python's aio-pika, on the same broker, in turns.
//!
//! Each loop is a process that stands still while its queue is filled; then it goes, until the other queue has it all.

mod bare;
mod broker;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use testbed::binary::Binary;
use testbed::engine::Durability;
use testbed::process::{Bond, Identity};
use testbed::{Engines, Sites, System};
use tokio::process::{Child, Command};

pub(crate) use self::bare::pass_on;
use self::broker::Broker;
use crate::{cpu, say};

/// How many messages each loop may have under way; the bus has it in its route.
const PREFETCH: u16 = 500;
const MESSAGES: usize = 20_000;
const SIZE: usize = 1024;
const ROUNDS: usize = 3;
const EXCHANGE: &str = "bench";
/// How often the broker is asked how far a loop is.
const LOOK: Duration = Duration::from_millis(20);
/// After which a loop counts as stuck.
const WITHIN: Duration = Duration::from_mins(2);

/// One of the loops.
struct Loop {
    name: &'static str,
    pid: u32,
    /// Where messages are published for it.
    from: (&'static str, &'static str),
    to: &'static str,
    rounds: Vec<Round>,
}

#[derive(Clone, Copy)]
struct Round {
    rate: f64,
    own_us: u128,
    broker_us: u128,
}

/// Lets the loops take turns, and prints what they did.
pub(crate) async fn run() -> Result<()> {
    let folder = testbed::shared::repository().join(".local").join("bench");
    let engines = Engines::open(&Sites::open(&folder, Durability::Power).await?, Bond::Starter);
    engines.start_missing().await?;
    let outcome = compare(&engines).await;
    engines.discard().await?;
    outcome
}

async fn compare(engines: &Engines) -> Result<()> {
    say::line("starting the bus, bare lapin and aio-pika on the same broker …");
    let system = System::builder().on(&engines.sites()).env(Binary::Esb, "ESB__LOG__FILTER", "warn").start().await?;
    let url = system.env().get("AMQP_URL").cloned().context("no AMQP_URL")?;
    let broker = Broker::connect(&url).await?;
    for queue in ["lapin.in", "lapin.out", "pika.in", "pika.out"] {
        broker.queue(EXCHANGE, queue).await?;
    }
    let own = std::env::current_exe()?;
    let bare = start(Command::new(own).args(["bare-lapin", &url, "lapin.in", EXCHANGE, "lapin.out"]))?;
    let pika =
        start(Command::new(python().await?).arg(peer().join("bus.py")).args([&url, "pika.in", EXCHANGE, "pika.out"]))?;
    let esb = system.service(Binary::Esb)?.identity().context("the bus has no pid")?.pid.try_into()?;
    let mut loops = [
        Loop::new("ecommerce-soa", esb, ("esb_exchange", "service_a"), "service_a_queue"),
        Loop::new("bare lapin", bare.id().context("gone")?, (EXCHANGE, "lapin.in"), "lapin.out"),
        Loop::new("aio-pika", pika.id().context("gone")?, (EXCHANGE, "pika.in"), "pika.out"),
    ];
    let pids: Vec<u32> = engines.all().iter().filter_map(|engine| engine.pid()?.try_into().ok()).collect();
    for number in 0..=ROUNDS {
        for one in &mut loops {
            let round = one.turn(&broker, &pids).await?;
            // The first warms up.
            if number > 0 {
                say::line(&format!("round {number}, {}: {:.0} messages/s", one.name, round.rate));
                one.rounds.push(round);
            }
        }
    }
    report(&loops)
}

impl Loop {
    const fn new(name: &'static str, pid: u32, from: (&'static str, &'static str), to: &'static str) -> Self {
        Self { name, pid, from, to, rounds: Vec::new() }
    }

    async fn turn(&self, broker: &Broker, engines: &[u32]) -> Result<Round> {
        let still = Identity::of(self.pid.try_into()?).context("the loop has ended")?;
        signal(still, "STOP").await?;
        broker.fill(self.from, MESSAGES, SIZE).await?;
        let before = (cpu::used(&cpu::family(self.pid))?, cpu::used(&cpu::families(engines))?);
        let began = Instant::now();
        signal(still, "CONT").await?;
        while broker.depth(self.to).await? < MESSAGES {
            ensure!(began.elapsed() < WITHIN, "{} does not get on", self.name);
            tokio::time::sleep(LOOK).await;
        }
        let elapsed = began.elapsed();
        let after = (cpu::used(&cpu::family(self.pid))?, cpu::used(&cpu::families(engines))?);
        ensure!(broker.depth(self.to).await? == MESSAGES, "{} has passed on more than it got", self.name);
        broker.purge(self.to).await?;
        let count = u32::try_from(MESSAGES)?;
        let each = |before: Duration, after: Duration| after.saturating_sub(before).as_micros() / u128::from(count);
        let rate = f64::from(count) / elapsed.as_secs_f64();
        Ok(Round { rate, own_us: each(before.0, after.0), broker_us: each(before.1, after.1) })
    }

    /// The round with the median rate.
    fn median(&self) -> Option<Round> {
        let mut rounds = self.rounds.clone();
        rounds.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        rounds.get(rounds.len() / 2).copied()
    }
}

fn report(loops: &[Loop; 3]) -> Result<()> {
    say::line(&format!("\nbus, {MESSAGES} messages of {SIZE} bytes, median of {ROUNDS} rounds"));
    say::line("|  | messages/s | CPU µs/message | CPU µs/message, broker |");
    say::line("|---|---|---|---|");
    let mut rates = Vec::new();
    for one in loops {
        let Round { rate, own_us, broker_us } = one.median().context("no round")?;
        say::line(&format!("| {} | {rate:.0} | {own_us} | {broker_us} |", one.name));
        rates.push(rate);
    }
    let [ours, bare, peer] = rates.try_into().map_err(|_rates: Vec<f64>| anyhow::anyhow!("three loops"))?;
    say::line(&format!("ratios: {:.2} of bare lapin, {:.1} times aio-pika", ours / bare, ours / peer));
    Ok(())
}

async fn signal(process: Identity, name: &str) -> Result<()> {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.pid.to_string()]).status().await?;
    ensure!(sent.success(), "kill -{name} failed");
    Ok(())
}

fn start(command: &mut Command) -> Result<Child> {
    Ok(command.stdin(Stdio::null()).kill_on_drop(true).spawn()?)
}

fn peer() -> PathBuf {
    testbed::shared::repository().join("infrastructure/bench/peer")
}

/// The peer's Python, installed where it is missing.
async fn python() -> Result<PathBuf> {
    let installed = Command::new(peer().join("run")).arg("install").status().await?;
    ensure!(installed.success(), "the peer's Python packages could not be installed");
    Ok(testbed::shared::repository().join(".local/peer-venv/bin/python"))
}
