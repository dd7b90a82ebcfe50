//! The life of a process: how it starts, tells time, logs, works in the background and ends.

mod clock;
mod run;
mod tasks;
pub(crate) mod telemetry;

pub use clock::Clock;
pub use run::{Command, run};
pub use tasks::Tasks;
