//! The life of a process: how it starts, tells time, logs, works in the background, is measured and ends.

mod clock;
mod files;
pub(crate) mod meters;
mod run;
mod tasks;
pub(crate) mod telemetry;
pub(crate) mod usage;

pub use clock::Clock;
pub use run::{Binary, Command, run};
pub use tasks::Tasks;
pub use usage::Pool;
