//! The testbed on the real engines.

#![cfg(test)]

mod engines;
mod issuer;
mod private_home;
mod shared;
mod system;
mod web;

/// A folder of this test's own, gone at its end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("{name}-{}", testbed::engine::secret());
        Self(testbed::shared::repository().join(".local/testbed").join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}
