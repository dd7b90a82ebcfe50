//! Where services are: one place that knows, whoever tells it.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

/// Finds a service by its name.
#[derive(Debug, Clone)]
pub struct Resolver(Arc<BTreeMap<String, Service>>);

/// An instance of a service.
#[derive(Debug, Clone)]
pub struct Service {
    /// Kebab-case.
    pub name: String,
    /// Its base address, without a slash at the end.
    pub base: String,
}

impl Resolver {
    /// The services of a fixed list; `_` in their names stands for `-`.
    pub fn fixed(services: &BTreeMap<String, Url>) -> Self {
        let entry = |(name, url): (&String, &Url)| {
            let name = name.replace('_', "-");
            (name.clone(), Service { name, base: url.as_str().trim_end_matches('/').to_owned() })
        };
        Self(Arc::new(services.iter().map(entry).collect()))
    }

    /// An instance that can be asked.
    pub fn find(&self, name: &str) -> Option<&Service> {
        self.0.get(name)
    }

    /// All there are, by name.
    pub fn all(&self) -> impl Iterator<Item = &Service> {
        self.0.values()
    }
}
