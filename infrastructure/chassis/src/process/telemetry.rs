//! Log lines: one JSON object each, or pretty ones on a terminal.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::BoxError;
use crate::settings::{Log, LogFormat};

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
