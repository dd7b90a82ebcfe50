//! What the order-service promises, on the real engine.
#![cfg(test)]

mod access;
mod cancelling;
mod catalogue;
mod concurrency;
mod engine_faults;
mod events;
mod fixture;
mod fulfilling;
mod migrating;
mod placing;
mod refunds;
mod stock;
mod tracking;
