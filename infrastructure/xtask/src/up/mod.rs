//! `cargo xtask up`: the whole system with one command.

pub(crate) mod seed;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use testbed::binary::{Profile, build, folder, own_profile};
use testbed::engine::{Durability, Sites};
use testbed::lock::Lock;
use testbed::wait;
use tokio::time::sleep;

use crate::local::{self, Board, Unit};
use crate::supervise::built_now;
use crate::{bench, frontend, install, say};

const READY_WITHIN: Duration = Duration::from_mins(4);
/// For another `up`, which may have to build everything.
const OTHER_WITHIN: Duration = Duration::from_mins(30);
const SUPERVISOR_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(100);
/// A process that died so often is not going to come up by itself.
const RESTARTS_MAX: u32 = 4;

pub(crate) async fn run(profile: Profile) -> Result<ExitCode> {
    let begun = Instant::now();
    let _alone = Lock::take(&local::folder().join("up.lock"), OTHER_WITHIN).await?;
    say::line("ecommerce-soa is starting");
    install::engines().await?;
    binaries(profile).await?;
    frontend::build().await?;
    engines().await?;
    if supervisor_is_alive()? {
        replace_outdated(profile).await?;
    } else {
        start_supervisor(profile).await?;
    }
    let board = all_ready().await?;
    seed::run(&board.env).await.context("could not fill the catalogue")?;
    say::line(&summary(&board, begun.elapsed()));
    Ok(ExitCode::SUCCESS)
}

async fn binaries(profile: Profile) -> Result<()> {
    let begun = Instant::now();
    say::begins("building the four binaries (minutes at the first time)");
    // Its progress is for the user, so it is not caught.
    let mut command = bench::cargo();
    command.args(build(profile)?.arguments()).current_dir(testbed::shared::repository());
    let built = command.stdin(Stdio::null()).status().await.context("could not start cargo")?;
    if !built.success() {
        bail!("the build failed: mend what cargo complains about above, then run `cargo xtask up` again");
    }
    say::done("built", begun.elapsed());
    Ok(())
}

async fn engines() -> Result<()> {
    let begun = Instant::now();
    let sites = Sites::open(&local::engines(), Durability::Power).await?;
    say::done(&format!("engines found; MongoDB is {}", sites.mongodb.product), begun.elapsed());
    Ok(())
}

fn supervisor_is_alive() -> Result<bool> {
    Ok(Lock::try_take(&local::lock())?.is_none())
}

async fn start_supervisor(profile: Profile) -> Result<()> {
    fs::create_dir_all(local::folder().join("log"))?;
    // A status of yesterday must not be taken for today's.
    fs::remove_file(local::folder().join("status.json")).ok();
    let log = File::options().create(true).append(true).open(local::log("supervisor"))?;
    // By its place: the build may have put a new one there since this one was started.
    let mut command = std::process::Command::new(folder(own_profile())?.join("xtask"));
    command.args(["supervise", local::profile_name(profile)]).stdin(Stdio::null());
    let mut child = command.stdout(log.try_clone()?).stderr(log).spawn().context("could not start the supervisor")?;
    let mut ended = false;
    wait::until("the supervisor writes its status", SUPERVISOR_WITHIN, || {
        ended = child.try_wait().is_ok_and(|status| status.is_some());
        std::future::ready(ended || Board::read().is_ok_and(|board| !board.units.is_empty()))
    })
    .await?;
    if ended {
        bail!("the supervisor ended at its start\n{}", testbed::engine::tail(&local::log("supervisor")));
    }
    Ok(())
}

/// A binary that was built anew since it was started is ended; the supervisor starts the new one.
async fn replace_outdated(profile: Profile) -> Result<()> {
    let board = Board::read()?;
    let is_outdated = |unit: &Unit| unit.is_up() && built_now(&unit.name, profile) != unit.built;
    for unit in board.units.iter().filter(|unit| is_outdated(unit)) {
        say::begins(&format!("{} was built anew and is restarted", unit.name));
        let Some(old) = unit.identity else { continue };
        kill(Pid::from_raw(old.pid), Signal::SIGTERM).ok();
        let what = format!("{} ends", unit.name);
        wait::until(&what, SUPERVISOR_WITHIN, || std::future::ready(!old.is_alive())).await?;
    }
    Ok(())
}

async fn all_ready() -> Result<Board> {
    let begun = Instant::now();
    let mut told = BTreeSet::new();
    loop {
        let board = Board::read()?;
        for unit in board.units.iter().filter(|unit| unit.is_up()) {
            if told.insert(unit.name.clone()) {
                say::done(&format!("{} on {}", unit.product, unit.address), begun.elapsed());
            }
        }
        if board.is_up() {
            return Ok(board);
        }
        give_up(&board, begun)?;
        sleep(POLL).await;
    }
}

fn give_up(board: &Board, begun: Instant) -> Result<()> {
    let hopeless = board.units.iter().find(|unit| !unit.is_up() && unit.restarts >= RESTARTS_MAX);
    if let Some(Unit { name, trouble, .. }) = hopeless {
        let trouble = trouble.as_deref().unwrap_or("it dies again and again");
        bail!("{name} does not come up: {trouble}\nMend that, then run `cargo xtask up` again");
    }
    if begun.elapsed() > READY_WITHIN {
        let missing: Vec<_> = board.units.iter().filter(|unit| !unit.is_up()).map(|unit| unit.name.as_str()).collect();
        bail!(
            "not ready within {READY_WITHIN:?}: {}\nTheir logs are in .local/log and .local/engines/log",
            missing.join(", ")
        );
    }
    if !supervisor_is_alive()? {
        bail!("the supervisor died\n{}", testbed::engine::tail(&local::log("supervisor")));
    }
    Ok(())
}

fn summary(board: &Board, took: Duration) -> String {
    let value = |name: &str| board.env.get(name).map_or("", String::as_str);
    let lines = [
        format!("\necommerce-soa is ready ({:.1} s)\n", took.as_secs_f32()),
        format!("  storefront        {}", value("STOREFRONT_URL")),
        format!("  ESB               {}", value("ESB_URL")),
        format!("  customer-service  {}", value("CUSTOMER_SERVICE_URL")),
        format!("  order-service     {}", value("ORDER_SERVICE_URL")),
        format!("  payment-service   {}", value("PAYMENT_SERVICE_URL")),
        format!("  RabbitMQ          {}", value("AMQP_MANAGEMENT_URL")),
        format!("\n  operator          {}  {}", value("OPERATOR_EMAIL"), value("OPERATOR_PASSWORD")),
        format!("  machine client    {}  {}", value("CLIENT_ID"), value("CLIENT_SECRET")),
        "\n  everything as variables: .local/env · logs: .local/log · stop: cargo xtask down".to_owned(),
    ];
    lines.join("\n")
}
