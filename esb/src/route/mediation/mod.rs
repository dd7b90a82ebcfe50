//! Between callers who speak XML and services that speak JSON: documents are turned at the door, by the schemas of the
//! services' own descriptions, and behind it everything is JSON.

mod catalog;
mod describe;
mod interpreter;
mod own;

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use transform::Limits;

use super::file::Route;
use crate::settings::Xml;

pub use catalog::{Catalog, DOCUMENT_MAX, Operation};
pub use describe::{Parameters, message_name};
pub use interpreter::{Interpreter, is_problem, problem, refused};
pub use own::speak;

/// What is known of the documents right now: it changes when services say otherwise, or new ones come.
#[derive(Clone)]
pub struct Mediator {
    limits: Limits,
    catalog: Arc<RwLock<Arc<Catalog>>>,
}

impl Mediator {
    /// Nothing is known at first.
    pub fn new(settings: &Xml) -> Self {
        Self { limits: settings.limits(DOCUMENT_MAX), catalog: Arc::default() }
    }

    /// As it is right now.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Compiles the description of all operations, under the paths of `routes`; what is under way goes on with the old.
    pub fn renew(&self, description: &Value, routes: &[Route]) {
        let catalog = Arc::new(Catalog::compile(description, routes, self.limits));
        *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = catalog;
    }
}
