//! Runs payment-service.

use std::process::ExitCode;

use chassis::Binary;

fn main() -> ExitCode {
    chassis::run(
        Binary { name: payment_service::NAME, defaults: payment_service::DEFAULTS, meters: payment_service::METERS },
        payment_service::run,
    )
}
