//! The bus.

use std::process::ExitCode;

use chassis::Binary;

fn main() -> ExitCode {
    chassis::run(Binary { name: esb::NAME, defaults: esb::DEFAULTS, meters: esb::METERS }, esb::run)
}
