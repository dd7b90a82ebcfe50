//! Everything one does with the repository: `cargo xtask up | down | status | test | e2e | gen | tidy | bench`.

mod bench;
mod check;
mod down;
mod frontend;
mod install;
mod local;
mod say;
mod status;
mod supervise;
mod tidy;
mod up;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};
use testbed::binary::Profile;

pub(crate) const USAGE: &str = "cargo xtask <command>
  up [--release]   starts the whole system, or what is missing of it
  down             stops it, and the engines of the tests, too
  status           what runs; fails unless all of it does
  test             every check there is
  e2e              the storefront's checks alone, with those in a browser
  gen              the storefront's types, from the bus
  gen pages        only the pages of settings, routes and metrics, without a bus
  env              the secrets of an installation from images: infrastructure/.env
  compose-smoke    builds and starts the images, places an order, and clears away
  deployments      the checks of the files that deploy the system alone
  tidy             the checks of the layout alone
  bench <name>     a load program of infrastructure/bench";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words).await {
        Ok(code) => code,
        Err(error) => {
            say::trouble(&format!("{error:?}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[&str]) -> Result<ExitCode> {
    match words {
        ["up"] => up::run(Profile::Dev).await,
        ["up", "--release"] => up::run(Profile::Release).await,
        ["supervise", profile] => supervise::run(local::profile(profile)?).await,
        ["down"] => down::run().await,
        ["status"] => status::run().await,
        ["test"] => check::run().await,
        ["e2e"] => check::frontend::run().await,
        ["gen", "pages"] => tidy::reference::write().map(|()| ExitCode::SUCCESS),
        ["gen"] => frontend::generate().await,
        ["env"] => local::secrets::run(),
        ["compose-smoke"] => check::smoke().await,
        ["deployments"] => check::deployments_alone().await,
        ["tidy"] => Ok(tidy::run()),
        ["bench", name, rest @ ..] => bench::run(name, rest).await,
        [] | ["help" | "--help" | "-h"] => {
            say::line(USAGE);
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("there is no `cargo xtask {}`\n\n{USAGE}", words.join(" ")),
    }
}
