//! Our four binaries: their names, and where they are built.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::process::Launch;
use crate::shared::repository;

/// One of the four binaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binary {
    /// Accounts, tokens and profiles.
    CustomerService,
    /// Catalogue, stock and orders.
    OrderService,
    /// Payments.
    PaymentService,
    /// The bus in front of them.
    Esb,
}

impl Binary {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CustomerService, Self::OrderService, Self::PaymentService, Self::Esb];

    /// Its name: of the crate, the file, and in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CustomerService => "customer-service",
            Self::OrderService => "order-service",
            Self::PaymentService => "payment-service",
            Self::Esb => "esb",
        }
    }

    /// Its name as its settings in the environment start.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::CustomerService => "CUSTOMER_SERVICE",
            Self::OrderService => "ORDER_SERVICE",
            Self::PaymentService => "PAYMENT_SERVICE",
            Self::Esb => "ESB",
        }
    }

    /// The port that people expect it at.
    pub const fn port(self) -> u16 {
        match self {
            Self::CustomerService => 8001,
            Self::OrderService => 8002,
            Self::PaymentService => 8003,
            Self::Esb => 8080,
        }
    }
}

/// Which profile the binaries are built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Dev,
    /// Quick to run.
    Release,
}

/// The folder of the binaries: that of the executable which runs now, whatever the target folder is called.
pub fn folder(profile: Profile) -> Result<PathBuf> {
    let own = env::current_exe().context("could not find out where this program is")?;
    let target = own.ancestors().skip(1).find(|folder| folder.join(".cargo-lock").exists()).and_then(Path::parent);
    let target = target.with_context(|| format!("{} is not in a target folder of cargo", own.display()))?;
    Ok(target.join(match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    }))
}

/// The profile that this program was built with.
pub const fn own_profile() -> Profile {
    if cfg!(debug_assertions) { Profile::Dev } else { Profile::Release }
}

/// The file of a binary, of the same profile as this program; it is built where it is missing.
pub async fn find(binary: Binary) -> Result<PathBuf> {
    let profile = own_profile();
    let file = folder(profile)?.join(binary.name());
    if !file.is_file() {
        let build = build(profile)?;
        build.run().await.context("could not build the binaries")?;
    }
    ensure!(file.is_file(), "cargo did not build {}", file.display());
    Ok(file)
}

/// What builds the binaries, into the folder that [`folder`] names. All of the workspace at once: whoever chooses
/// packages gets dependencies with other features, and builds them all again.
pub fn build(profile: Profile) -> Result<Launch> {
    let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let target = folder(profile)?.parent().map(Path::to_owned).context("a target folder without a parent")?;
    let build = Launch::new(&cargo, &repository()).inherit().args(["build", "--workspace"]);
    let build = build.args(["--target-dir"]).args([target]);
    Ok(if profile == Profile::Release { build.args(["--release"]) } else { build })
}
