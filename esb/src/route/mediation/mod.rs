//! Between callers who speak XML and services that speak JSON: documents are turned at the door, by the schemas of the
//! services' own descriptions, and behind it everything is JSON.

mod catalog;
mod describe;
mod interpreter;

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use super::file::Route;

pub use catalog::{Catalog, Operation};
pub use describe::message_name;
pub use interpreter::{Interpreter, is_problem, problem, refused};

/// What is known of the documents right now: it changes when services say otherwise, or new ones come.
#[derive(Clone, Default)]
pub struct Mediator(Arc<RwLock<Arc<Catalog>>>);

impl Mediator {
    /// As it is right now; nothing is known at first.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Compiles the description of all operations, under the paths of `routes`; what is under way goes on with the old.
    pub fn renew(&self, description: &Value, routes: &[Route]) {
        let catalog = Arc::new(Catalog::compile(description, routes));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = catalog;
    }
}
