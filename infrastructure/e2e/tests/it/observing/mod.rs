//! What operators see: traces and metrics.

mod measuring;
mod tracing_an_order;
