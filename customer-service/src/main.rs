//! The binary: accounts, authentication and profiles.

use std::process::ExitCode;

use chassis::Binary;
use customer_service::{DEFAULTS, METERS, NAME, run};

fn main() -> ExitCode {
    chassis::run(Binary { name: NAME, defaults: DEFAULTS, meters: METERS }, run)
}
