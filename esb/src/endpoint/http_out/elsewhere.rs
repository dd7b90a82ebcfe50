//! The same request to another instance.

use reqwest::Url;

use crate::registry::Picked;

/// The instance that a request goes to, and others that it can go to.
#[derive(Debug, Default)]
pub struct Elsewhere(Option<Picked>);

impl From<Picked> for Elsewhere {
    fn from(picked: Picked) -> Self {
        Self(Some(picked))
    }
}

impl Elsewhere {
    /// Who is asked.
    pub(super) fn service(&self) -> Option<&str> {
        self.0.as_ref().map(|picked| picked.service.name.as_str())
    }

    /// Where `url`, which the last instance could not serve, is at the next one; `None` where there is no other.
    pub(super) fn next(&mut self, url: &Url) -> Option<Url> {
        let picked = self.0.as_mut().filter(|picked| !picked.others.is_empty())?;
        let rest = url.as_str().strip_prefix(&picked.service.base)?;
        let next = picked.others.remove(0);
        let moved = Url::parse(&format!("{}{rest}", next.base)).ok()?;
        picked.service = next;
        Some(moved)
    }
}
