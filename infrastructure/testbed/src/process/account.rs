//! Who an engine runs as: several refuse to run as root, so there they run as their package's user.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use nix::unistd::{User, getuid};

/// A user of this machine that we may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// The user of a package; none where we are not root and so can only be ourselves.
    pub fn of_package(name: &str) -> Result<Option<Self>> {
        if !getuid().is_root() {
            return Ok(None);
        }
        let user = User::from_name(name).context("could not read the users of this machine")?;
        let user = user.with_context(|| format!("there is no user `{name}`: its package makes it"))?;
        Ok(Some(Self { uid: user.uid.as_raw(), gid: user.gid.as_raw() }))
    }
}

/// Makes a folder that only this account can look into.
pub fn private_folder(path: &Path, account: Option<&Account>) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("could not make {}", path.display()))?;
    fs::set_permissions(path, Permissions::from_mode(0o700))?;
    own(path, account)
}

/// Writes a file that only this account can read.
pub fn private_file(path: &Path, text: &str, account: Option<&Account>) -> Result<()> {
    let fresh = path.with_extension("new");
    fs::write(&fresh, "").with_context(|| format!("could not write {}", fresh.display()))?;
    fs::set_permissions(&fresh, Permissions::from_mode(0o600))?;
    fs::write(&fresh, text)?;
    own(&fresh, account)?;
    fs::rename(&fresh, path).with_context(|| format!("could not write {}", path.display()))
}

fn own(path: &Path, account: Option<&Account>) -> Result<()> {
    let Some(account) = account else { return Ok(()) };
    chown(path, Some(account.uid), Some(account.gid)).with_context(|| format!("could not give away {}", path.display()))
}

/// The folder itself, or, where the engines' users could not reach it (below a private home, say), one that they can.
pub fn reachable(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    let folder = folder.canonicalize()?;
    if !getuid().is_root() || folder.ancestors().all(is_open) {
        return Ok(folder);
    }
    let base = Path::new("/var/tmp/ecommerce-soa");
    fs::create_dir_all(base)?;
    let owner = fs::symlink_metadata(base)?;
    ensure!(owner.is_dir() && owner.uid() == 0, "{} belongs to somebody else: remove it", base.display());
    let name = folder.to_string_lossy().trim_matches('/').replace('/', "-");
    let other = base.join(name);
    fs::create_dir_all(&other)?;
    Ok(other)
}

fn is_open(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o001 != 0)
}
