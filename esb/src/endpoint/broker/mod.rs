//! What operators want of the broker: how full its queues are, and that it takes a message to try.

mod queues;
mod trial;

pub use queues::{Away, Depth, Depths, Purpose, Watched};
pub use trial::{Answer, Trial, TrialError, Trials};
