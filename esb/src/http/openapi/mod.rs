//! One description of all that is behind the bus: the services' own, as far as routes expose it, and ours.

mod merge;
mod own;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use serde_json::Value;

use self::merge::merge;
use crate::endpoint::services::Services;
use crate::route::Route;
use crate::route::mediation::Mediator;

pub use own::openapi;

/// How often services that have not told yet are asked.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// How often all are asked.
const REFRESH: Duration = Duration::from_mins(1);
/// The largest description that is taken in.
const SIZE_MAX: usize = 8 << 20;

/// The description, as far as it is known.
#[derive(Clone)]
pub struct Description(Arc<Inner>);

struct Inner {
    routes: Vec<Route>,
    services: Services,
    mediator: Mediator,
    told: Mutex<BTreeMap<String, Value>>,
    merged: RwLock<Bytes>,
}

impl Description {
    /// Our own part, for `mediator`, too; the others' are not known yet.
    pub fn new(routes: Vec<Route>, services: Services, mediator: Mediator) -> Self {
        let (told, merged) = (Mutex::default(), RwLock::default());
        let description = Self(Arc::new(Inner { routes, services, mediator, told, merged }));
        description.renew();
        description
    }

    /// As JSON.
    pub fn bytes(&self) -> Bytes {
        self.0.merged.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the services, again and again; those that do not answer keep what they last said.
    pub async fn keep_fresh(self) {
        loop {
            let names = self.0.services.resolver().all().map(|service| service.name.clone()).collect::<Vec<_>>();
            let complete = join_all(names.iter().map(|name| self.ask(name))).await.into_iter().all(|told| told);
            self.renew();
            tokio::time::sleep(if complete { REFRESH } else { ASK_AGAIN }).await;
        }
    }

    async fn ask(&self, service: &str) -> bool {
        let Ok(body) = self.0.services.look_at(service, "/openapi.json", SIZE_MAX).await else { return false };
        let Ok(document) = serde_json::from_slice(&body) else { return false };
        self.told().insert(service.to_owned(), document);
        true
    }

    fn renew(&self) {
        let own = serde_json::to_value(openapi()).unwrap_or_default();
        let merged = merge(own, &self.told(), &self.0.routes);
        self.0.mediator.renew(&merged, &self.0.routes);
        let bytes = Bytes::from(merged.to_string());
        *self.0.merged.write().unwrap_or_else(PoisonError::into_inner) = bytes;
    }

    fn told(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Value>> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
