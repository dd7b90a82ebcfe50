//! What payment-service does for those who call it, on the real engine.
#![cfg(test)]

mod asking_again;
mod bank;
mod charging;
mod difficult_tokens;
mod events;
mod fixture;
mod order_cancelled;
mod reading;
mod refunding;
mod running;
mod voiding;
