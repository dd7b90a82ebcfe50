//! The binary: accounts, authentication and profiles.

use std::process::ExitCode;

use customer_service::{DEFAULTS, NAME, run};

fn main() -> ExitCode {
    chassis::run(NAME, DEFAULTS, run)
}
