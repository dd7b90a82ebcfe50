//! Work across services that ends as a whole or is taken back as a whole.
//!
//! A [`Plan`] is a list of typed [`Step`]s with a point of no return. The [`Engine`] keeps each saga in a [`Log`], runs
//! it by one decision table, and takes over what another process left. Nothing is replayed: a step that may have
//! happened is asked again, under ids that were fixed before the first step.

mod engine;
mod intervene;
mod journal;
mod log;
pub mod place_order;
mod plan;
mod run;
mod settings;
mod step;
#[cfg(test)]
pub(crate) mod testing;

pub use engine::{Engine, NewSaga, Parts, PlaceError};
pub use intervene::{CancelError, Doer, RetryError};
pub use journal::{Heading, Journal, Misfit, Remark};
pub use log::{
    Begun, Claim, Entry, Filter, Hold, Kept, Left, Log, LogError, Opening, Origin, Owner, Progress, Record, Settled,
    Told,
};
pub use plan::{Committed, Input, Open, Plan, Plans};
pub use settings::Settings;
pub use step::{Retriable, Step, StepError, Undo};
