//! The bus.

use std::process::ExitCode;

fn main() -> ExitCode {
    chassis::run(esb::NAME, esb::DEFAULTS, esb::run)
}
