//! Where messages enter and leave the bus.

pub mod http_in;
pub mod http_out;
pub mod services;
