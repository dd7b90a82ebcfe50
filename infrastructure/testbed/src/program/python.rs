//! Python environments: for engines and clients that come as Python packages.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::lock::Lock;
use crate::process::Launch;
use crate::program;

const INSTALL_WITHIN: Duration = Duration::from_mins(5);

/// The Python of the environment `name`, which has these packages (`name==version`); made where it is missing, once for
/// all processes that ask.
pub async fn environment(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let venv = folder(name);
    let (python, installed) = (venv.join("bin/python"), venv.join("installed.txt"));
    let _lock = Lock::take(&venv.with_extension("lock"), INSTALL_WITHIN).await?;
    let wanted = packages.join("\n");
    if std::fs::read_to_string(&installed).is_ok_and(|found| found == wanted) && python.is_file() {
        return Ok(python);
    }
    let base = program::need("python3", "python3 python3-venv")?;
    let run = |program: &Path| Launch::new(program, Path::new("/")).inherit();
    let made = run(&base).args(["-m", "venv"]).args([&venv]).run().await;
    made.context("could not make a Python environment: `apt-get install python3-venv` may help")?;
    let pip = run(&venv.join("bin/pip")).args(["install", "--quiet", "--pre", "--disable-pip-version-check"]);
    let pip = pip.args(packages.iter().copied()).run().await;
    pip.with_context(|| format!("could not install {}", packages.join(" ")))?;
    std::fs::write(&installed, wanted).context("could not note what is installed")?;
    Ok(python)
}

/// Where the environment is, or will be.
pub(crate) fn folder(name: &str) -> PathBuf {
    program::cache().join("ecommerce-soa").join(name)
}
