//! What every binary promises, seen from outside.
#![cfg(test)]

mod bodies;
mod door;
mod fixture;
mod registering;
mod settings;
mod tokens;
