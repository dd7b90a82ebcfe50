//! What services say about themselves: their OpenAPI documents, fetched when they come or change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::watch;

use super::resolver::Source;
use super::{Outside, Resolver};

/// The largest description that is taken in.
const SIZE_MAX: usize = 4 << 20;
/// How soon a service that could not describe itself is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// How often all are asked: not everybody has a version to change.
const REFRESH: Duration = Duration::from_mins(1);

/// The documents, by the name of the service. One that was had once is kept when its service is gone.
#[derive(Clone)]
pub struct Documents(Arc<Inner>);

struct Inner {
    names: BTreeSet<String>,
    resolver: Resolver,
    outside: Outside,
    known: RwLock<BTreeMap<String, Arc<Value>>>,
    changed: watch::Sender<u64>,
}

/// What a service was last asked.
struct Asked {
    source: Source,
    at: Instant,
    answered: bool,
}

impl Documents {
    /// Those of the services of these names; nothing is known yet.
    pub fn new(names: BTreeSet<String>, resolver: Resolver, outside: Outside) -> Self {
        let (known, changed) = (RwLock::default(), watch::Sender::new(0));
        Self(Arc::new(Inner { names, resolver, outside, known, changed }))
    }

    /// The document of a service, if it has been had.
    pub fn document(&self, service: &str) -> Option<Arc<Value>> {
        self.0.known.read().unwrap_or_else(PoisonError::into_inner).get(service).cloned()
    }

    /// All there are.
    pub fn all(&self) -> BTreeMap<String, Arc<Value>> {
        self.0.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells when a document has come, or is another.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Asks the services: at once when one comes or changes, and again and again.
    pub async fn keep_fresh(self) {
        join_all(self.0.names.iter().map(|name| self.keep(name))).await;
    }

    async fn keep(&self, name: &str) {
        let mut changes = self.0.resolver.changes();
        let mut asked = None;
        loop {
            asked = self.ask(name, asked).await;
            let pause = asked.as_ref().map_or(REFRESH, Asked::left);
            tokio::select! {
                _ = changes.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Asks where it is due.
    async fn ask(&self, name: &str, asked: Option<Asked>) -> Option<Asked> {
        let source = self.0.resolver.source(name)?;
        let asked = match asked {
            Some(asked) if asked.source == source && !asked.left().is_zero() => return Some(asked),
            asked => asked,
        };
        let at = Instant::now();
        let (body, url) = (self.0.outside.read(&source.url, SIZE_MAX).await, &source.url);
        let document = body.and_then(|body| serde_json::from_slice(&body).map_err(|error| error.to_string()));
        let document = document.and_then(|document: Value| match document.get("paths") {
            Some(Value::Object(_)) => Ok(document),
            _ => Err("it is no OpenAPI document: it has no `paths`".to_owned()),
        });
        let known_trouble = asked.is_some_and(|asked| asked.source == source && !asked.answered);
        let answered = document.is_ok();
        match document {
            Ok(document) => self.know(name, document),
            Err(error) if known_trouble => tracing::debug!(service.name = name, "{url}: {error}"),
            Err(error) => tracing::warn!(service.name = name, "`{name}` does not describe itself at {url}: {error}"),
        }
        Some(Asked { source, at, answered })
    }

    fn know(&self, name: &str, document: Value) {
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.get(name).is_none_or(|before| **before != document) {
            known.insert(name.to_owned(), Arc::new(document));
            self.0.changed.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

impl Asked {
    /// How long until it is due again.
    fn left(&self) -> Duration {
        let every = if self.answered { REFRESH } else { ASK_AGAIN };
        every.saturating_sub(self.at.elapsed())
    }
}
