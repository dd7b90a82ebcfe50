//! Runs payment-service.

use std::process::ExitCode;

fn main() -> ExitCode {
    chassis::run(payment_service::NAME, payment_service::DEFAULTS, payment_service::run)
}
