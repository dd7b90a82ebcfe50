//! JSON to XML and back, as the bus does it, against quick-xml and `serde_json` with typed structs, and against Python.

mod typed;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transform::{Limits, Plan, Schemas};

use crate::{cpu, say};

const SIZES: [usize; 3] = [1 << 10, 10 << 10, 100 << 10];
const ROUNDS: usize = 3;
/// CPU time that one figure is taken over; the kernel counts it in hundredths of a second.
const MEASURED: Duration = Duration::from_secs(1);
const PACKAGES: [&str; 2] = ["lxml==6.1.3", "xmltodict==1.0.4"];
const WAYS: [&str; 2] = ["JSON to XML", "XML to JSON"];

/// An order in both forms.
struct Sample {
    json: Vec<u8>,
    xml: Vec<u8>,
}

/// CPU µs for a message of one size, one way.
struct Figures {
    size: usize,
    way: &'static str,
    bytes: usize,
    ours: f64,
    typed: f64,
    lxml: f64,
    xmltodict: f64,
}

/// Prints what a message takes.
pub(crate) async fn run() -> Result<()> {
    let python = testbed::program::python::environment("bench-mediation", &PACKAGES).await?;
    let plan = plan()?;
    say::line("CPU µs a message (MB/s of what comes in); ratios of the same run, above 1 is in our favour\n");
    say::line("| order | way | transform | typed serde | lxml | xmltodict | to typed | to lxml | to xmltodict |");
    say::line("|---|---|---|---|---|---|---|---|---|");
    for size in SIZES {
        let sample = sample(&plan, size)?;
        let peers = peers(&python, &sample)?;
        for (way, peer) in WAYS.into_iter().zip(peers) {
            figures(&plan, (&sample, size), (way, &peer))?.print();
        }
    }
    Ok(())
}

fn plan() -> Result<Arc<Plan>> {
    let described = serde_json::to_value(contracts::description())?;
    let schemas = Schemas::compile(&described, Limits::default());
    let schemas = schemas.map_err(|refusals| anyhow::anyhow!("{refusals:?}"))?;
    schemas.plan("Order").cloned().context("there is no schema of orders")
}

fn figures(plan: &Plan, (sample, size): (&Sample, usize), (way, peer): (&'static str, &Value)) -> Result<Figures> {
    let there = way == WAYS[0];
    let (mut ours, mut typed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut out = Vec::with_capacity(4 * sample.xml.len());
        ours.push(measured(|| {
            out.clear();
            let taken = if there { plan.to_xml(&sample.json, &mut out) } else { plan.to_json(&sample.xml, &mut out) };
            black_box(&out);
            Ok(taken?)
        })?);
        typed.push(measured(|| {
            let out = if there { typed::to_xml(&sample.json)? } else { typed::to_json(&sample.xml)? };
            black_box(out);
            Ok(())
        })?);
    }
    let of = |peer: &Value, name: &str| peer.get(name).and_then(Value::as_f64).context("Python said something else");
    let bytes = if there { sample.json.len() } else { sample.xml.len() };
    let (lxml, xmltodict) = (of(peer, "lxml")?, of(peer, "xmltodict")?);
    Ok(Figures { size, way, bytes, ours: median(ours)?, typed: median(typed)?, lxml, xmltodict })
}

/// CPU µs that one call takes.
fn measured(mut call: impl FnMut() -> Result<()>) -> Result<f64> {
    const AT_ONCE: u32 = 64;
    let pids = [std::process::id()];
    for _ in 0..AT_ONCE {
        call()?;
    }
    let (before, mut calls) = (cpu::used(&pids)?, 0_u32);
    loop {
        for _ in 0..AT_ONCE {
            call()?;
        }
        calls += AT_ONCE;
        let used = cpu::used(&pids)?.saturating_sub(before);
        if used >= MEASURED {
            return Ok(used.as_secs_f64() * 1e6 / f64::from(calls));
        }
    }
}

fn median(mut figures: Vec<f64>) -> Result<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().context("nothing was measured")
}

/// What Python takes: one figure for each way.
fn peers(python: &Path, sample: &Sample) -> Result<Vec<Value>> {
    let folder = std::env::temp_dir();
    let (json, xml) = (folder.join("bench-order.json"), folder.join("bench-order.xml"));
    std::fs::write(&json, &sample.json)?;
    std::fs::write(&xml, &sample.xml)?;
    let script = testbed::shared::repository().join("infrastructure/bench/peer/mediation.py");
    let said = Command::new(python).arg(script).arg(json).arg(xml).output().context("could not start Python")?;
    ensure!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    Ok(serde_json::from_slice(&said.stdout)?)
}

/// An order of at least `size` bytes of JSON, and its XML.
fn sample(plan: &Plan, size: usize) -> Result<Sample> {
    let mut items = Vec::new();
    let json = loop {
        items.push(item(items.len()));
        let json = order(&items).to_string().into_bytes();
        if json.len() >= size {
            break json;
        }
    };
    let mut xml = Vec::new();
    plan.to_xml(&json, &mut xml)?;
    ensure!(typed::to_xml(&json)? == xml, "the two sides write different XML");
    Ok(Sample { json, xml })
}

fn order(items: &[Value]) -> Value {
    json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8058", "customer_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "status": "confirmed", "items": items, "total": {"amount": 499_000, "currency": "EUR"}, "refund": "none",
        "payment_id": "01890a5d-ac96-774b-bcce-b302099a8060",
        "history": [{"status": "pending", "at": "2026-01-02T03:04:05Z", "by": "customer:01890a5d-ac96-774b-bcce-b302099a8057"}],
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05.000006Z",
    })
}

fn item(number: usize) -> Value {
    json!({
        "product_id": "01890a5d-ac96-774b-bcce-b302099a8059", "sku": format!("LAMP-{number}"),
        "name": "Desk lamp \u{201e}Lumi\u{e8}re\u{201c} & bulb", "quantity": 2,
        "unit_price": {"amount": 4990, "currency": "EUR"}, "total": {"amount": 9980, "currency": "EUR"},
    })
}

impl Figures {
    fn print(&self) {
        let cell = |us: f64| {
            // A message's length has few digits.
            let bytes = u32::try_from(self.bytes).map_or(f64::NAN, f64::from);
            format!("{us:.1} ({:.0})", bytes / us)
        };
        let [ours, typed, lxml, xmltodict] = [self.ours, self.typed, self.lxml, self.xmltodict].map(cell);
        let [to_typed, to_lxml, to_dict] = [self.typed, self.lxml, self.xmltodict].map(|us| us / self.ours);
        say::line(&format!(
            "| {} KiB | {} | {ours} | {typed} | {lxml} | {xmltodict} | {to_typed:.1} | {to_lxml:.1} | {to_dict:.1} |",
            self.size >> 10,
            self.way
        ));
    }
}
