//! One description of all that is behind the bus: the services' own, as far as routes expose it, and ours.

mod merge;
mod own;

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

use self::merge::merge;
use crate::registry::Documents;
use crate::route::Route;
use crate::route::mediation::Mediator;

pub use own::openapi;

/// The description, as far as it is known.
#[derive(Clone)]
pub struct Description(Arc<Inner>);

struct Inner {
    routes: Vec<Route>,
    documents: Documents,
    mediator: Mediator,
    merged: RwLock<Bytes>,
}

impl Description {
    /// Our own part, and what is known of the others'; for `mediator`, too.
    pub fn new(routes: Vec<Route>, documents: Documents, mediator: Mediator) -> Self {
        let merged = RwLock::default();
        let description = Self(Arc::new(Inner { routes, documents, mediator, merged }));
        description.renew();
        description
    }

    /// As JSON.
    pub fn bytes(&self) -> Bytes {
        self.0.merged.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Merges again whenever a service says something else about itself.
    pub async fn keep_fresh(self) {
        let mut changes = self.0.documents.changes();
        while changes.changed().await.is_ok() {
            self.renew();
        }
    }

    fn renew(&self) {
        let own = serde_json::to_value(openapi()).unwrap_or_default();
        let merged = merge(own, &self.0.documents.all(), &self.0.routes);
        self.0.mediator.renew(&merged, &self.0.routes);
        let bytes = Bytes::from(merged.to_string());
        *self.0.merged.write().unwrap_or_else(PoisonError::into_inner) = bytes;
    }
}
