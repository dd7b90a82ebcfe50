//! Tells of each statement, in the trace of the request that it is for.

use chassis::trace::Statement;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// The statements of one connection.
struct Statements(Statement);

/// From here on, for every connection of this process.
pub(super) fn record_statements() {
    // The only way to fail is a panic of somebody who held its lock; then nothing is told.
    set_default_instrumentation(|| Some(Box::new(Statements(Statement::of("mysql"))))).ok();
}

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => self.0.begin(query),
            InstrumentationEvent::FinishQuery { error, .. } => self.0.end(error),
            _ => {}
        }
    }
}
