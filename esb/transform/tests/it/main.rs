//! What goes in as JSON comes back as it was, whatever it was; what is broken is refused, saying where.
#![cfg(test)]

mod attacks;
mod contracts_both_ways;
mod corpus;
mod problems;
mod refusals;
mod rules;
mod whatever_comes;
mod world;
