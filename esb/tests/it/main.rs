//! What the ESB does for those who talk to it.
#![cfg(test)]

mod access;
mod amqp;
mod dead_letters;
mod fixture;
mod framing;
mod keys;
mod operators;
mod passing;
mod placing;
mod registry;
mod routes;
mod shop;
mod streaming;
mod trouble;
mod upstream;
mod watching;
