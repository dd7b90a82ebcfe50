//! Where messages enter and leave the bus.

pub mod amqp_in;
pub mod broker;
pub mod gather;
pub mod http_in;
pub mod http_out;
pub mod message;
pub mod order_events;
pub mod services;
pub mod sse_out;
