//! Where messages enter and leave the bus.

pub mod gather;
pub mod http_in;
pub mod http_out;
pub mod order_events;
pub mod services;
pub mod sse_out;
