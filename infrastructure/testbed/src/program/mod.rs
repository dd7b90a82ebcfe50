//! Where the programs of the engines are on this machine.

pub mod judge;
pub mod python;

use std::cmp::Reverse;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const PLACES: [&str; 6] = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// A program by its name, from `PATH` and the places where Debian keeps daemons.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let places = env::split_paths(&path).chain(PLACES.iter().map(PathBuf::from));
    places.map(|place| place.join(name)).find(|file| file.is_file())
}

/// Like [`find`], but its absence is an error that names the package.
pub fn need(name: &str, package: &str) -> Result<PathBuf> {
    find(name).with_context(|| format!("`{name}` is not installed: `apt-get install {package}` brings it"))
}

/// A program of PostgreSQL's newest version, none of which is on the `PATH` of Debian.
pub fn find_postgres(name: &str) -> Option<PathBuf> {
    let mut versions = folders_in(Path::new("/usr/lib/postgresql"));
    versions.sort_by_key(|folder| Reverse(version_of(folder)));
    versions.into_iter().map(|folder| folder.join("bin").join(name)).find(|file| file.is_file()).or_else(|| find(name))
}

/// RabbitMQ's own script: the one on the `PATH` of Debian is a wrapper that insists on the system's folders.
pub fn find_rabbitmq() -> Option<PathBuf> {
    let own = PathBuf::from("/usr/lib/rabbitmq/bin/rabbitmq-server");
    if own.is_file() { Some(own) } else { find("rabbitmq-server") }
}

/// Erlang's name server, which RabbitMQ finds itself by.
pub fn find_epmd() -> Option<PathBuf> {
    let inside = folders_in(Path::new("/usr/lib/erlang")).into_iter().map(|folder| folder.join("bin/epmd"));
    find("epmd").or_else(|| inside.into_iter().find(|file| file.is_file()))
}

/// The user's cache folder.
pub fn cache() -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache");
    env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from)
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn version_of(folder: &Path) -> u32 {
    folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()).unwrap_or_default()
}
