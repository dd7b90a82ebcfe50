//! What customers, operators and machines do with customer-service, on a real PostgreSQL.
#![cfg(test)]

mod addresses;
mod erasing;
mod fixture;
mod machine_clients;
mod profiles;
mod public_keys;
mod registering;
mod running;
mod searching;
mod signing_in;
mod staying_signed_in;
