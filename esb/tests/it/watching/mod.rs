//! What can be watched: an order's way, and what passes the bus.

mod figures;
mod interventions;
mod messages;
mod order_events;
mod sse;
mod trying;
mod whole;
