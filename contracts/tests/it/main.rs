//! The wire formats, and the arithmetic of money.
#![cfg(test)]

mod ids;
mod money;
mod wire;
