//! The order-service.

use std::process::ExitCode;

use chassis::Binary;

fn main() -> ExitCode {
    chassis::run(
        Binary { name: order_service::NAME, defaults: order_service::DEFAULTS, meters: order_service::METERS },
        order_service::run,
    )
}
