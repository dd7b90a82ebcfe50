//! The storefront's checks: `cargo xtask e2e`, and a part of `cargo xtask test`.

use std::process::ExitCode;

use anyhow::{Context, Result};
use testbed::web::Place;
use testbed::{Binary, System, Web, binary, port, program, shared};

use super::stage::Report;
use crate::frontend::{self, Npm};
use crate::{install, say, up};

/// What needs no system: a stage and its script.
const SCRIPTS: [(&str, &str); 5] = [
    ("storefront types", "typecheck"),
    ("storefront lint", "lint"),
    ("storefront tests", "test"),
    ("storefront build", "build"),
    ("storefront size", "size"),
];

/// `cargo xtask e2e`: all of it.
pub(crate) async fn run() -> Result<ExitCode> {
    let mut report = Report::default();
    let built = report.stage("build", binaries()).await;
    let installed = report.stage("engines installed", install::engines()).await;
    still(&mut report).await;
    if built && installed && has_pages() {
        moving(&mut report).await;
    } else {
        report.skip("browser tests", "they need the binaries, the engines and the pages");
    }
    say::line(&report.summary());
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(super) fn has_pages() -> bool {
    frontend::pages().join("index.html").is_file()
}

/// Without a system.
pub(super) async fn still(report: &mut Report) {
    if !report.stage("storefront packages", frontend::packages()).await {
        return report.skip("storefront", "it needs its packages");
    }
    for (name, script) in SCRIPTS {
        report.stage(name, npm(script)).await;
    }
}

async fn npm(script: &str) -> Result<()> {
    let npm = Npm::run(&["run", script])?;
    // Who reads the log wants to see what was tested.
    if script == "test" { npm.loud().await } else { npm.quiet().await }
}

/// Those of the system alone, where `test` builds the tests, too.
async fn binaries() -> Result<()> {
    binary::build(binary::own_profile())?.run().await.map(drop)
}

/// With a system of its own, which has the demonstration's catalogue.
pub(super) async fn moving(report: &mut Report) {
    let mut stage = None;
    let started = report.stage("browser and system", async {
        install::browser().await?;
        stage = Some(Box::pin(start()).await?);
        Ok(())
    });
    if !started.await {
        return report.skip("browser tests", "they need a browser and a system");
    }
    let Some((system, web)) = stage else { return };
    report.stage("described as it is", frontend::stale(&system)).await;
    report.stage("browser tests", browse(&system, &web)).await;
}

async fn start() -> Result<(System, Web)> {
    // A saga that meets a frozen service is stuck soon, for the operator's story; the others need seconds only.
    let builder = System::builder().env(Binary::Esb, "ESB__SAGA__ATTEMPTS_MAX", "3");
    let builder = builder.env(Binary::Esb, "ESB__SAGA__DEADLINE_S", "40");
    let system = Box::pin(builder.start()).await?;
    up::seed::run(&system.env()).await.context("could not fill the catalogue")?;
    let folder = shared::folder().join("web");
    let web = Web::new(Place {
        port: port::free()?,
        esb: system.service(Binary::Esb)?.port,
        pages: frontend::pages(),
        log: folder.join("nginx.log"),
        folder,
    });
    web.start().await?;
    Ok((system, web))
}

async fn browse(system: &System, web: &Web) -> Result<()> {
    let chromium = program::need("chromium", "chromium")?.display().to_string();
    let orders = system.service(Binary::OrderService)?.identity().context("order-service has not been started")?;
    let payments =
        system.service(Binary::PaymentService)?.identity().context("payment-service has not been started")?;
    let tests = Npm::run(&["run", "e2e"])?.env("STOREFRONT_URL", &web.url()).env("CHROMIUM", &chromium);
    let tests = tests.env("PID_ORDER_SERVICE", &orders.pid.to_string());
    let tests = tests.env("PID_PAYMENT_SERVICE", &payments.pid.to_string());
    system.env().iter().fold(tests, |tests, (key, value)| tests.env(key, value)).loud().await
}
