//! `cargo xtask bench <name>`: load programs, each with a peer or a ceiling in the same run.

mod cpu;
mod load;

fn main() {}
