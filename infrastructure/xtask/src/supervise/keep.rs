//! Keeps one part up until the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use testbed::engine::Kind;
use tokio::sync::watch::Receiver;
use tokio::time::sleep;

use super::backoff::Backoff;
use super::desk::Desk;
use super::part::Part;
use crate::local::State;

const POLL: Duration = Duration::from_millis(50);

/// Starts the part, starts it again whenever it dies, and stops it when all is to end.
pub(super) async fn keep(part: Part, desk: Arc<Desk>, mut ended: Receiver<bool>) {
    let name = part.name();
    tokio::select! {
        () = live(&part, &desk) => {}
        _ = ended.wait_for(|ended| *ended) => {}
    }
    if matches!(part, Part::Engine(_)) {
        binaries_have_ended(&desk).await;
    }
    let stopped = part.stop().await;
    desk.change(name, |unit| {
        unit.state = State::Down;
        unit.identity = None;
        unit.trouble = stopped.err().map(|error| format!("{error:#}"));
    });
}

async fn live(part: &Part, desk: &Desk) {
    let needs = part.needs();
    while !desk.are_up(&needs) {
        sleep(POLL).await;
    }
    let mut backoff = Backoff::new();
    loop {
        let begun = Instant::now();
        let trouble = match start(part, desk).await {
            Ok(()) => until_it_dies(part).await,
            Err(error) => format!("{error:#}"),
        };
        desk.change(part.name(), |unit| {
            unit.state = State::Restarting;
            unit.identity = None;
            unit.restarts += 1;
            unit.trouble = Some(trouble);
        });
        sleep(backoff.after(begun.elapsed())).await;
    }
}

async fn start(part: &Part, desk: &Desk) -> Result<()> {
    desk.change(part.name(), |unit| {
        if unit.state == State::Waiting {
            unit.state = State::Starting;
        }
    });
    part.launch().await?;
    desk.change(part.name(), |unit| {
        unit.identity = part.identity();
        unit.built = part.built();
    });
    part.ready().await?;
    desk.change(part.name(), |unit| {
        unit.state = State::Up;
        unit.trouble = None;
    });
    Ok(())
}

async fn until_it_dies(part: &Part) -> String {
    while part.is_alive() {
        sleep(POLL).await;
    }
    "it died".to_owned()
}

/// The binaries finish their work first, and for that they need the engines.
async fn binaries_have_ended(desk: &Desk) {
    let engines = Kind::ALL.map(Kind::name);
    while !desk.is_quiet(&engines) {
        sleep(POLL).await;
    }
}
