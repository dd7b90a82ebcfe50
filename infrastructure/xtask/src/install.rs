//! Installs the programs that are missing, where it may.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use testbed::engine::Kind;
use testbed::{program, web};
use tokio::process::Command;

use crate::say;

/// Debian asks it before it starts a service that it has just installed.
const POLICY: &str = "/usr/sbin/policy-rc.d";
const ATTEMPTS_MAX: u8 = 2;
/// Programs and their packages.
const JUDGES: [(&str, &str); 3] = [("xmllint", "libxml2-utils"), ("jq", "jq"), ("curl", "curl")];
const BROWSER: [&str; 2] = ["chromium", "fonts-liberation"];

/// Returns when every engine and the web server can be started, or says what to do.
pub(crate) async fn engines() -> Result<()> {
    packages(|| Kind::ALL.into_iter().flat_map(Kind::missing_packages).chain(web::missing_packages()).collect()).await
}

/// The browser that the tests drive.
pub(crate) async fn browser() -> Result<()> {
    packages(|| if program::find("chromium").is_some() { Vec::new() } else { BROWSER.to_vec() }).await
}

/// Programs that judge or read what ours write, in tests only.
pub(crate) async fn judges() -> Result<()> {
    let lacking = |(name, package)| program::find(name).is_none().then_some(package);
    packages(|| JUDGES.into_iter().filter_map(lacking).collect()).await
}

async fn packages(lacking: impl Fn() -> Vec<&'static str>) -> Result<()> {
    let missing = lacking();
    if missing.is_empty() {
        return Ok(());
    }
    let begun = Instant::now();
    let packages = missing.join(" ");
    let by_hand = format!("install them with:\n\n    sudo apt-get update && sudo apt-get install -y {packages}\n");
    if program::find("apt-get").is_none() {
        bail!("these packages of Debian are missing, and there is no apt-get: {packages}");
    }
    let Some(prefix) = privilege().await else {
        bail!("these packages are missing: {packages}\nWe are not root and sudo wants a password, so {by_hand}");
    };
    say::begins(&format!("installing {packages}"));
    install(&prefix, &missing).await.with_context(|| format!("could not install {packages}; {by_hand}"))?;
    if !lacking().is_empty() {
        bail!("{packages} are installed, but their programs are not where they should be");
    }
    say::done(&format!("installed {packages}"), begun.elapsed());
    Ok(())
}

/// What to put before a command that needs root; none if we can't have it.
async fn privilege() -> Option<Vec<&'static str>> {
    if nix::unistd::getuid().is_root() {
        return Some(Vec::new());
    }
    let mut asked = Command::new("sudo");
    asked.args(["-n", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().await.is_ok_and(|answer| answer.success()).then(|| vec!["sudo", "-n"])
}

async fn install(prefix: &[&str], packages: &[&str]) -> Result<()> {
    let _quiet = NoServices::begin(prefix);
    let mut last = apt(prefix, &["update", "-q"]).await;
    for _ in 0..ATTEMPTS_MAX {
        last = apt(prefix, &[&["install", "-y", "-q", "--no-install-recommends"], packages].concat()).await;
        if last.is_ok() {
            return Ok(());
        }
        // A stale list of packages is the usual reason.
        apt(prefix, &["update", "-q"]).await.ok();
    }
    last
}

async fn apt(prefix: &[&str], args: &[&str]) -> Result<()> {
    let env = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"];
    let words = [prefix, env.as_slice(), args].concat();
    let (program, args) = words.split_first().context("an empty command")?;
    let output =
        Command::new(program).args(args).stdin(Stdio::null()).output().await.context("could not start apt-get")?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    bail!(
        "apt-get {} failed:\n{}",
        args.join(" "),
        lines.iter().rev().take(20).rev().copied().collect::<Vec<_>>().join("\n")
    )
}

/// While it lives, packages don't start their services: we run private copies, and a service would take their ports.
struct NoServices(bool);

impl NoServices {
    fn begin(prefix: &[&str]) -> Self {
        let ours = prefix.is_empty() && !Path::new(POLICY).exists();
        let made = ours
            && fs::write(POLICY, "#!/bin/sh\nexit 101\n").is_ok()
            && fs::set_permissions(POLICY, Permissions::from_mode(0o755)).is_ok();
        Self(made)
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.0 {
            fs::remove_file(POLICY).ok();
        }
    }
}
