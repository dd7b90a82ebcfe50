//! What the bus could do nothing with, and what operators do about it.

mod desk;
mod draining;
mod mending;
mod once;
mod replaying;
mod taking_over;
