//! Many at once: buyers of the same product, and instances of the bus.

mod many_buyers;
mod two_esbs;
