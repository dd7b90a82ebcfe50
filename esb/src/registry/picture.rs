//! What was in the registry when it was last read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use super::Service;

/// An instance, and until when it counts.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) service: Arc<Service>,
    pub(super) until: Instant,
}

/// The instances of one service, the latest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    entries: Vec<Entry>,
    /// Whose turn it is.
    pub(super) turn: Arc<AtomicUsize>,
}

/// All that had registered.
#[derive(Debug, Default)]
pub(super) struct Picture {
    groups: BTreeMap<String, Group>,
    /// When it was taken; `None` where there was none yet.
    pub(super) taken: Option<Instant>,
}

impl Group {
    /// Those whose leases hold at `now`.
    pub(super) fn live(&self, now: Instant) -> Vec<&Arc<Service>> {
        self.entries.iter().filter(|entry| entry.until > now).map(|entry| &entry.service).collect()
    }
}

impl Picture {
    /// With the turns of the picture before.
    pub(super) fn after(before: &Self, entries: Vec<Entry>, taken: Instant) -> Self {
        let mut groups = BTreeMap::<String, Group>::new();
        for entry in entries {
            let name = &entry.service.name;
            let turn = || before.groups.get(name).map(|group| Arc::clone(&group.turn)).unwrap_or_default();
            let fresh = || Group { entries: Vec::new(), turn: turn() };
            groups.entry(name.clone()).or_insert_with(fresh).entries.push(entry);
        }
        Self { groups, taken: Some(taken) }
    }

    /// The instances of a service.
    pub(super) fn group(&self, name: &str) -> Option<&Group> {
        self.groups.get(name)
    }

    /// Every name.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.groups.keys()
    }

    /// Every instance.
    pub(super) fn services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.groups.values().flat_map(|group| group.entries.iter().map(|entry| &entry.service))
    }

    /// Those that are here and not in the other.
    pub(super) fn news<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Arc<Service>> {
        let known = |service: &Service| {
            let group = other.groups.get(&service.name);
            group.is_some_and(|group| group.entries.iter().any(|entry| entry.service.is_same(service)))
        };
        self.services().filter(move |service| !known(service))
    }
}
