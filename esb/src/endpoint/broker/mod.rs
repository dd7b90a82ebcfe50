//! What operators want of the broker: how full its queues are.

mod queues;

pub use queues::{Away, Depth, Depths, Purpose, Watched};
