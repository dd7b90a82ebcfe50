//! `cargo xtask bench <name>`: load programs, each with a peer or a ceiling in the same run.

mod cpu;
mod dead_letters;
mod load;
mod place_order;
mod say;
mod sides;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = std::env::args().nth(1);
    let outcome = match name.as_deref() {
        Some("place-order") => place_order::run().await,
        Some("dead-letters") => dead_letters::run().await,
        _ => Err(anyhow::anyhow!("which benchmark? There are: place-order, dead-letters")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::line(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
