//! `cargo xtask bench <name>`: load programs, each with a peer or a ceiling in the same run.

mod bus;
mod cpu;
mod dead_letters;
mod load;
mod mediation;
mod place_order;
mod say;
mod sides;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first().map(|(name, rest)| (name.as_str(), rest)) {
        Some(("bare-lapin", rest)) => bus::pass_on(rest).await,
        Some(("bus", [])) => bus::run().await,
        Some(("dead-letters", [])) => dead_letters::run().await,
        Some(("mediation", [])) => mediation::run().await,
        Some(("place-order", [])) => place_order::run().await,
        _ => Err(anyhow::anyhow!("which benchmark? There are: bus, dead-letters, mediation, place-order")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::line(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
