//! Takes registrations, and keeps the picture of them fresh.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chassis::Tasks;
use chrono::{DateTime, Utc};
use contracts::{FieldError, Id, RegisterService};
use tokio::sync::Mutex;

use super::reading::Reading;
use super::store::{Instances, Wish};
use super::{OWN_NAME, RegistryError, Resolver, Service, Settings, address, is_name};
use crate::store::{Store, StoreError};

/// The leases that may be asked for, in seconds.
pub(super) const LEASE_SECONDS: RangeInclusive<u32> = 1..=3600;
const LEASE_SECONDS_DEFAULT: u32 = 30;
const VERSION_MAX: usize = 64;
/// How long a look at the registry may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often old rows are taken away.
const PURGE_EVERY: Duration = Duration::from_mins(10);

/// The registry of an installation, in PostgreSQL.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    instances: Instances,
    resolver: Resolver,
    settings: Settings,
    reading: Mutex<Reading>,
}

/// A lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Which instance.
    pub instance: String,
    /// Until when.
    pub lease_expires_at: DateTime<Utc>,
    /// Whether it was not there before.
    pub is_new: bool,
}

impl Registry {
    /// Feeds `resolver` from this store, until the process stops.
    pub fn start(settings: &Settings, store: &Store, resolver: Resolver, tasks: &Tasks) -> Self {
        let (instances, reading) = (Instances(store.clone()), Mutex::default());
        let registry = Self(Arc::new(Inner { instances, resolver, settings: settings.clone(), reading }));
        tasks.spawn_until_stop(registry.clone().keep_fresh());
        tasks.spawn_until_stop(registry.clone().keep_small());
        registry
    }

    /// Where services are, without asking anybody.
    pub fn resolver(&self) -> &Resolver {
        &self.0.resolver
    }

    /// Whether it was read at least once; tries to, where it was not.
    pub async fn is_read(&self) -> bool {
        if !self.0.resolver.is_loaded() {
            self.refresh().await;
        }
        self.0.resolver.is_loaded()
    }

    /// Gives an instance a lease, or renews it; `by` is the machine client that asks.
    pub async fn register(&self, new: &RegisterService, by: &str) -> Result<Registered, RegistryError> {
        let url = self.check(new)?;
        let own = self.0.settings.own_clients.split_ascii_whitespace().any(|client| client == by);
        if !own && (new.name == OWN_NAME || self.0.resolver.is_of_settings(&new.name)) {
            return Err(RegistryError::Reserved(new.name.clone()));
        }
        self.keep(new, &url, by).await
    }

    /// Ends a lease.
    pub async fn remove(&self, name: &str, instance: &str) -> Result<(), RegistryError> {
        let unknown = || RegistryError::NoInstance(name.to_owned());
        let id = instance.parse().map_err(|_not_one_of_ours| unknown())?;
        if !self.0.instances.remove(name, id).await? {
            return Err(unknown());
        }
        self.refresh().await;
        Ok(())
    }

    /// Registers the ESB itself until it stops.
    pub fn keep_own(&self, tasks: &Tasks) {
        let (registry, stop) = (self.clone(), tasks.clone());
        if !self.0.settings.public_url.is_empty() {
            tasks.spawn(async move { registry.stay_registered(&stop).await });
        }
    }

    async fn stay_registered(&self, stop: &Tasks) {
        let base = self.0.settings.public_url.trim_end_matches('/');
        let own = RegisterService {
            name: OWN_NAME.to_owned(),
            url: base.to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            openapi_url: Some(format!("{base}/openapi.json")),
            lease_seconds: None,
        };
        let mut kept = None;
        while !stop.is_stopping() {
            kept = self.keep(&own, base, OWN_NAME).await.ok().or(kept);
            let pause = Duration::from_secs(u64::from(LEASE_SECONDS_DEFAULT) / 3);
            tokio::select! {
                () = stop.stopping() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        if let Some(Registered { instance, .. }) = kept {
            let gone = self.remove(OWN_NAME, &instance).await;
            gone.unwrap_or_else(|error| tracing::warn!(error = %error, "the ESB's own lease is left to end by itself"));
        }
    }

    async fn keep(&self, new: &RegisterService, url: &str, by: &str) -> Result<Registered, RegistryError> {
        let wish = Wish {
            name: &new.name,
            url,
            version: new.version.as_deref(),
            openapi_url: new.openapi_url.as_deref(),
            by,
            lease: Duration::from_secs(new.lease_seconds.unwrap_or(LEASE_SECONDS_DEFAULT).into()),
        };
        let (id, max) = (Id::<Service>::mint().uuid(), self.0.settings.instances_max);
        let lease = self.0.instances.keep(id, &wish, max).await?.ok_or(RegistryError::Full(max))?;
        // Who has been told that it is registered, is found at once, here.
        self.refresh().await;
        let (instance, lease_expires_at) = (lease.instance.to_string(), lease.lease_expires_at);
        Ok(Registered { instance, lease_expires_at, is_new: lease.instance == id })
    }

    /// The address in its one form; everything that is wrong, at once.
    fn check(&self, new: &RegisterService) -> Result<String, RegistryError> {
        let hosts = &self.0.settings.hosts;
        let mut errors = Vec::new();
        let mut refuse = |pointer: &str, detail: &str| errors.push(FieldError::new(pointer, detail));
        if !is_name(&new.name) {
            refuse("/name", "must be kebab-case, begin with a letter, and have 63 characters at most");
        }
        let url = address::address(&new.url, hosts).inspect_err(|wrong| refuse("/url", wrong));
        let described = new.openapi_url.as_deref().map(|url| address::address(url, hosts));
        if let Some(Err(wrong)) = described {
            refuse("/openapi_url", wrong);
        }
        if new.version.as_deref().is_some_and(|version| !is_version(version)) {
            refuse("/version", "must have 1 to 64 visible ASCII characters");
        }
        if new.lease_seconds.is_some_and(|seconds| !LEASE_SECONDS.contains(&seconds)) {
            refuse("/lease_seconds", "must be 1 to 3600");
        }
        match url {
            Ok(url) if errors.is_empty() => Ok(url.as_str().trim_end_matches('/').to_owned()),
            _ => Err(RegistryError::Invalid(errors)),
        }
    }

    async fn keep_fresh(self) {
        loop {
            self.refresh().await;
            tokio::time::sleep(self.0.settings.poll()).await;
        }
    }

    async fn keep_small(self) {
        loop {
            tokio::time::sleep(PURGE_EVERY).await;
            if let Err(error) = self.0.instances.purge().await {
                tracing::warn!(error = %error, "old registrations could not be taken away");
            }
        }
    }

    /// Looks at the registry; what can't be read now stays as it was.
    async fn refresh(&self) {
        // One at a time, so that nothing older comes after something newer.
        let mut reading = self.0.reading.lock().await;
        let asked = Instant::now();
        let back = reading.back(asked);
        let late = |_elapsed| Err(StoreError::Connection("no answer in time".to_owned()));
        match tokio::time::timeout(PATIENCE, self.0.instances.load(back)).await.unwrap_or_else(late) {
            Ok(rows) => {
                reading.went_well(asked);
                let entries = rows.into_iter().map(|row| reading.entry(row, asked));
                let entries = entries.filter(|entry| entry.until > asked).collect();
                self.0.resolver.replace(entries, asked);
            }
            Err(error) => {
                reading.went_wrong(&error);
                self.0.resolver.freeze();
            }
        }
    }
}

fn is_version(text: &str) -> bool {
    (1..=VERSION_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
