//! `cargo xtask test`: every check there is, one line each, and all of them even when one fails.

mod deployment;
pub(crate) mod frontend;
mod stage;

use std::process::ExitCode;

use testbed::shared::{self, ENV};

pub(crate) use self::deployment::smoke;
use self::stage::{Report, cargo};
use crate::{install, say, tidy};

/// What is checked, in order. A further kind of check is one line here.
pub(crate) async fn run() -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    report.stage("format", cargo(&["fmt", "--all", "--check"]).quiet()).await;
    report.stage("layout", async { layout() }).await;
    report.stage("lint", cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).quiet()).await;
    let built = report.stage("build", binaries()).await;
    let installed = report.stage("engines installed", install::engines()).await;
    let judged = report.stage("validators installed", install::judges()).await;
    deployments(&mut report).await;
    frontend::still(&mut report).await;
    if built && installed && judged {
        tests(&mut report).await;
    } else {
        report.skip("tests", "they need the binaries, the engines and the validators");
    }
    report.stage("examples in comments", cargo(&["test", "--workspace", "--doc", "--quiet"]).quiet()).await;
    say::line(&report.summary());
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn layout() -> anyhow::Result<()> {
    let findings = tidy::findings()?;
    anyhow::ensure!(findings.is_empty(), "{}", findings.join("\n"));
    Ok(())
}

/// `cargo xtask deployments`.
pub(crate) async fn deployments_alone() -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    deployments(&mut report).await;
    say::line(&report.summary());
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn deployments(report: &mut Report) {
    let mut tools = None;
    let installed = report.stage("deployment tools", async {
        tools = Some(deployment::Tools::install().await?);
        Ok(())
    });
    if !installed.await {
        return report.skip("deployment files", "they need the tools that judge them");
    }
    if let Some(tools) = tools {
        report.stage("deployment files", deployment::check(&tools)).await;
    }
}

async fn binaries() -> anyhow::Result<()> {
    // All that the tests need in one go: built by themselves, the binaries would be compiled with other features.
    cargo(&["build", "--workspace", "--all-targets", "--quiet"]).quiet().await
}

async fn tests(report: &mut Report) {
    let file = shared::folder().join("engines.json");
    let mut products = String::new();
    let started = report.stage("engines started", async {
        let sites = shared::start(&shared::folder()).await?;
        let all = [&sites.postgres, &sites.mysql, &sites.mongodb, &sites.rabbitmq];
        products = all.map(|site| site.product.as_str()).join(", ");
        sites.write(&file)
    });
    if !started.await {
        return report.skip("tests", "they need the engines");
    }
    say::line(&format!("      {products}"));
    let has_nextest = cargo(&["nextest", "--version"]).quiet().await.is_ok();
    let command = if has_nextest {
        cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        say::line("      cargo-nextest is not installed, so `cargo test` runs the tests");
        cargo(&["test", "--workspace", "--all-targets", "--no-fail-fast"])
    };
    let file = file.display().to_string();
    report.stage("tests", command.env(ENV, &file).loud()).await;
    if frontend::has_pages() {
        frontend::moving(report).await;
    }
    report.stage("engines stopped", shared::discard(&shared::folder())).await;
}
