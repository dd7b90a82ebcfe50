//! What is measured: each meter is described in `meters.toml`, the chassis's or the binary's own, and nowhere else.

use std::sync::{Mutex, PoisonError};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Deserialize;

use crate::BoxError;

/// Upper bounds of the buckets of a histogram that names none, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// What every binary measures.
const COMMON: &str = include_str!("../../meters.toml");

#[derive(Deserialize)]
struct Meters {
    meter: Vec<Meter>,
}

#[derive(Deserialize)]
struct Meter {
    name: String,
    kind: Kind,
    help: String,
    labels: Vec<String>,
    #[serde(default)]
    buckets: Vec<f64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

static RECORDER: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

/// Measures from here on, with the meters of every binary and those of `own`. The first call in a process counts: tests
/// start several servers in one. What is measured before is lost.
pub(crate) fn record(own: &str) -> Result<PrometheusHandle, BoxError> {
    let mut recorder = RECORDER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = recorder.as_ref() {
        return Ok(handle.clone());
    }
    let meters = [toml::from_str::<Meters>(COMMON)?, toml::from_str::<Meters>(own)?];
    let meters = meters.into_iter().flat_map(|meters| meters.meter).collect::<Vec<_>>();
    let mut builder = PrometheusBuilder::new().set_buckets(&SECONDS)?;
    for meter in meters.iter().filter(|meter| !meter.buckets.is_empty()) {
        builder = builder.set_buckets_for_metric(Matcher::Full(meter.name.clone()), &meter.buckets)?;
    }
    let handle = builder.install_recorder()?;
    meters.into_iter().for_each(describe);
    *recorder = Some(handle.clone());
    Ok(handle)
}

fn describe(meter: Meter) {
    let Meter { name, kind, help, labels, .. } = meter;
    match kind {
        Kind::Counter => {
            metrics::describe_counter!(name.clone(), help);
            // What is first seen at 200 has not increased, for Prometheus: it must have been seen at 0.
            if labels.is_empty() {
                metrics::counter!(name).increment(0);
            }
        }
        Kind::Gauge => metrics::describe_gauge!(name, help),
        Kind::Histogram => metrics::describe_histogram!(name, help),
    }
}
