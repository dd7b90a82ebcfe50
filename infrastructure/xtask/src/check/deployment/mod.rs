//! The files that deploy the system: outside tools judge their form, and rules of ours whether they fit the program.

mod compose;
mod findings;
mod kubernetes;
mod names;
mod outside;
mod smoke;
mod workload;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use testbed::shared::{self, repository};

use self::findings::Findings;
pub(super) use self::outside::Tools;
pub(crate) use self::smoke::run as smoke;

/// All that is wrong, at once.
pub(super) async fn check(tools: &Tools) -> Result<()> {
    let infrastructure = copy()?;
    let secrets = crate::local::secrets::write(&infrastructure)?;
    let mut findings = Findings::default();
    outside::lint(tools, &infrastructure, &mut findings).await?;
    findings.extend(names::check(&infrastructure)?);
    let compose = compose::check(tools, (&infrastructure, &secrets), &mut findings).await?;
    let kubernetes = kubernetes::check(tools, &infrastructure, &mut findings).await?;
    findings.extend(workload::same_images(&compose, &kubernetes));
    ensure!(findings.is_empty(), "{findings}");
    Ok(())
}

/// A copy with secrets of its own, so that nobody's installation is touched.
fn copy() -> Result<PathBuf> {
    let (from, to) = (repository().join("infrastructure"), shared::folder().join("deployment"));
    if to.exists() {
        fs::remove_dir_all(&to).with_context(|| format!("could not clear {}", to.display()))?;
    }
    for folder in ["docker", "kubernetes", "serverless", "observability"] {
        copy_folder(&from.join(folder), &to.join(folder))?;
    }
    for file in [".env.example", "docker-compose.yml"] {
        fs::copy(from.join(file), to.join(file)).with_context(|| format!("could not copy {file}"))?;
    }
    Ok(to)
}

/// Of a folder that may be missing; without secrets that somebody has.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    fs::create_dir_all(to)?;
    for entry in entries {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() && !path.ends_with("secrets") {
            copy_folder(&path, &target)?;
        } else if path.is_file() {
            fs::copy(&path, &target).with_context(|| format!("could not copy {}", path.display()))?;
        }
    }
    Ok(())
}
