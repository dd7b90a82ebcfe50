//! Finds a service by its name, without asking anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use tokio::sync::watch;
use url::Url;

use super::Service;
use super::picture::{Entry, Picture};

/// How many others a request may turn to when the first can't be reached.
const OTHERS_MAX: usize = 2;

/// Knows where services are: registered instances take turns, and where there is none, what the settings say counts.
#[derive(Debug, Clone)]
pub struct Resolver(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: BTreeMap<String, Arc<Service>>,
    picture: RwLock<Arc<Picture>>,
    /// Leases are then looked at as they were when the registry was last read: nobody could have renewed them since, and
    /// services that are well must not be forgotten because a database is not.
    frozen: AtomicBool,
    changed: watch::Sender<u64>,
}

/// An instance whose turn it is, and others that can be asked instead.
#[derive(Debug, Clone)]
pub struct Picked {
    /// The one.
    pub service: Arc<Service>,
    /// In the order in which they would be next.
    pub others: Vec<Arc<Service>>,
}

/// Where a service describes itself; another one is asked for anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) url: String,
    pub(super) version: Option<String>,
}

impl Resolver {
    /// The services of a fixed list; `_` in their names stands for `-`.
    pub fn fixed(services: &BTreeMap<String, Url>) -> Self {
        let entry = |(name, url): (&String, &Url)| {
            let (name, base) = (name.replace('_', "-"), url.as_str().trim_end_matches('/').to_owned());
            let service = Service {
                instance: format!("{name}-1"),
                openapi_url: Some(format!("{base}/openapi.json")),
                name: name.clone(),
                base,
                version: None,
                lease_expires_at: None,
            };
            (name, Arc::new(service))
        };
        Self(Arc::new(Inner {
            settings: services.iter().map(entry).collect(),
            picture: RwLock::default(),
            frozen: AtomicBool::new(false),
            changed: watch::Sender::new(0),
        }))
    }

    /// An instance that can be asked.
    pub fn find(&self, name: &str) -> Option<Arc<Service>> {
        self.pick(name).map(|picked| picked.service)
    }

    /// An instance that can be asked, each in its turn, and some that can be asked instead.
    pub fn pick(&self, name: &str) -> Option<Picked> {
        let picture = self.picture();
        let registered = picture.group(name).and_then(|group| {
            let live = group.live(self.now(&picture));
            let turn = group.turn.fetch_add(1, Ordering::Relaxed).checked_rem(live.len())?;
            let mut turns = live.iter().cycle().skip(turn).take(live.len()).map(|service| Arc::clone(service));
            Some(Picked { service: turns.next()?, others: turns.take(OTHERS_MAX).collect() })
        });
        let settled = || Some(Picked { service: Arc::clone(self.0.settings.get(name)?), others: Vec::new() });
        registered.or_else(settled)
    }

    /// All instances that can be asked: the registered ones, or else the one of the settings.
    pub fn instances(&self, name: &str) -> Vec<Arc<Service>> {
        let picture = self.picture();
        let now = self.now(&picture);
        let live = picture.group(name).map(|group| group.live(now).into_iter().cloned().collect::<Vec<_>>());
        live.filter(|live| !live.is_empty()).unwrap_or_else(|| self.0.settings.get(name).cloned().into_iter().collect())
    }

    /// All there are, by name and instance.
    pub fn all(&self) -> Vec<Arc<Service>> {
        let picture = self.picture();
        let names = picture.names().chain(self.0.settings.keys()).collect::<BTreeSet<_>>();
        let mut all = names.into_iter().flat_map(|name| self.instances(name)).collect::<Vec<_>>();
        all.sort_by(|a, b| (&a.name, &a.instance).cmp(&(&b.name, &b.instance)));
        all
    }

    /// Whether the settings name it.
    pub fn is_of_settings(&self, name: &str) -> bool {
        self.0.settings.contains_key(name)
    }

    /// Whether the registry was read at least once.
    pub fn is_loaded(&self) -> bool {
        self.picture().taken.is_some()
    }

    /// Tells when an instance has come, gone, or said something new about itself.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Where the service describes itself: as the instance says that came last, since it runs the latest version.
    pub(super) fn source(&self, name: &str) -> Option<Source> {
        let told = |service: &Arc<Service>| {
            Some(Source { url: service.openapi_url.clone()?, version: service.version.clone() })
        };
        self.instances(name).iter().find_map(told).or_else(|| self.0.settings.get(name).and_then(told))
    }

    /// From now on this is what is known.
    pub(super) fn replace(&self, entries: Vec<Entry>, taken: Instant) {
        let before = self.picture();
        let after = Arc::new(Picture::after(&before, entries, taken));
        *self.0.picture.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&after);
        self.0.frozen.store(false, Ordering::Relaxed);
        if tell(&before, &after) {
            self.0.changed.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// The registry can't be read.
    pub(super) fn freeze(&self) {
        self.0.frozen.store(true, Ordering::Relaxed);
    }

    fn picture(&self) -> Arc<Picture> {
        Arc::clone(&self.0.picture.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The time by which leases are judged.
    fn now(&self, picture: &Picture) -> Instant {
        let frozen = picture.taken.filter(|_| self.0.frozen.load(Ordering::Relaxed));
        frozen.unwrap_or_else(Instant::now)
    }
}

/// Writes down what has changed; whether anything has.
fn tell(before: &Picture, after: &Picture) -> bool {
    let (come, gone) = (after.news(before).collect::<Vec<_>>(), before.news(after).collect::<Vec<_>>());
    for service in &gone {
        let Service { name, instance, base, .. } = &***service;
        tracing::info!(service.name = name, service.instance = instance, "`{name}` at {base} is gone");
    }
    for service in &come {
        let Service { name, instance, base, .. } = &***service;
        tracing::info!(service.name = name, service.instance = instance, "`{name}` is at {base}");
    }
    let count = u32::try_from(after.services().count()).unwrap_or(u32::MAX);
    metrics::gauge!("esb_registry_instances").set(f64::from(count));
    !(come.is_empty() && gone.is_empty())
}
