//! The bus: every request comes in here, is matched to a route, passes policies, and leaves for a service or a saga.

pub mod dead_letters;
pub mod endpoint;
pub mod http;
pub mod messages;
pub mod policy;
pub mod registry;
pub mod route;
pub mod saga;
mod serve;
pub mod store;

use chassis::{BoxError, Clock, Command, Tasks};
use secrecy::ExposeSecret;

pub use http::openapi;
pub use serve::settings::{self, Settings};
pub use serve::start;

/// What the binary is called.
pub const NAME: &str = "esb";

/// Every setting, with its default.
pub const DEFAULTS: &str = include_str!("../settings.toml");
/// Every meter of its own.
pub const METERS: &str = include_str!("../meters.toml");

/// Migrates, serves, and ends when asked to.
pub async fn run(settings: Settings, command: Command, tasks: Tasks) -> Result<(), BoxError> {
    store::migrate(settings.database.url.expose_secret()).await?;
    if command == Command::Migrate {
        return Ok(());
    }
    start(&settings, &tasks, Clock::real())?.until_stopped().await
}
