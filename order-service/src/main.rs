//! The order-service.

use std::process::ExitCode;

fn main() -> ExitCode {
    chassis::run(order_service::NAME, order_service::DEFAULTS, order_service::run)
}
