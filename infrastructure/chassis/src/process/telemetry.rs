//! Log lines (one JSON object each, or pretty ones on a terminal) and metrics.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::BoxError;
use crate::settings::{Log, LogFormat};

/// Upper bounds of the buckets of every histogram, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Libraries that log statements or messages with their values below `info`: never more than that of these.
const DRIVERS: [&str; 6] = ["tokio_postgres", "diesel_async", "mysql_async", "mongodb", "lapin", "amq_protocol"];

/// Sends what is logged from here on to standard output. To be called once.
pub(crate) fn init(log: &Log) -> Result<(), BoxError> {
    let mut filter = EnvFilter::try_new(&log.filter)?;
    for driver in DRIVERS {
        filter = filter.add_directive(format!("{driver}=info").parse()?);
    }
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !std::io::stdout().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    if json {
        let layer = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true);
        registry.with(layer.with_span_list(false)).try_init()?;
    } else {
        registry.with(tracing_subscriber::fmt::layer().compact()).try_init()?;
    }
    Ok(())
}

/// The recorder of this process's metrics, installed once; tests start several servers in one process.
pub(crate) fn metrics() -> Result<PrometheusHandle, BoxError> {
    static RECORDER: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut recorder = RECORDER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = recorder.as_ref() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new().set_buckets(&SECONDS)?.install_recorder()?;
    *recorder = Some(handle.clone());
    Ok(handle)
}
