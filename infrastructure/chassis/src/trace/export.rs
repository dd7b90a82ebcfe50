//! Finished spans on their way to the collector: in batches, from a queue with an end. Where the collector is away, spans
//! are dropped and counted; nobody ever waits for it.

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::BoxError;
use crate::settings::Telemetry;

/// How many spans go in one request at most.
const BATCH_MAX: usize = 512;
/// How long spans gather.
const GATHER: Duration = Duration::from_millis(500);
/// How long the collector may take.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a process that ends waits for what is left.
const END_TIMEOUT: Duration = Duration::from_secs(2);
/// Of a trace id, the digits that are random for certain (W3C Trace Context, level 2), and how many values they have.
const RANDOM_DIGITS: usize = 14;
const RANDOM_VALUES: f64 = 72_057_594_037_927_936.0;

/// Where spans of this process go; empty where they go nowhere.
static QUEUE: OnceLock<Queue> = OnceLock::new();

struct Queue {
    spans: mpsc::Sender<SpanData>,
    ratio: f64,
}

/// The export of a process.
pub(crate) struct Export {
    stop: CancellationToken,
    worker: JoinHandle<()>,
}

/// Sends what `service` records from here on, if the settings name a collector. To be called once.
pub(crate) fn export_to(settings: &Telemetry, service: &'static str) -> Result<Option<Export>, BoxError> {
    if settings.otlp_endpoint.is_empty() {
        return Ok(None);
    }
    let mut exporter = exporter(&settings.otlp_endpoint)?;
    exporter.set_resource(&resource(service));
    let (spans, waiting) = mpsc::channel(settings.queue_spans);
    QUEUE.set(Queue { spans, ratio: settings.sampling_ratio }).map_err(|_set| "traces are exported already")?;
    let stop = CancellationToken::new();
    let worker = Worker { exporter, waiting, stop: stop.clone(), is_away: false };
    #[expect(clippy::disallowed_methods, reason = "it outlives the tasks, whose last spans it sends")]
    let worker = tokio::spawn(worker.work());
    tracing::info!("traces go to {}", settings.otlp_endpoint);
    Ok(Some(Export { stop, worker }))
}

fn exporter(endpoint: &str) -> Result<SpanExporter, BoxError> {
    let http = reqwest::Client::builder().timeout(EXPORT_TIMEOUT).connect_timeout(EXPORT_TIMEOUT).no_proxy().build()?;
    let url = format!("{}/v1/traces", endpoint.trim_end_matches('/').trim_end_matches("/v1/traces"));
    let builder = SpanExporter::builder().with_http().with_http_client(http);
    Ok(builder.with_endpoint(url).with_timeout(EXPORT_TIMEOUT).build()?)
}

/// Who sends; `OTEL_RESOURCE_ATTRIBUTES` may say more, such as the pod.
fn resource(service: &'static str) -> Resource {
    #[expect(clippy::disallowed_methods, reason = "a process's name, not an entity's id")]
    let instance = Uuid::now_v7().to_string();
    let (version, instance) =
        (KeyValue::new("service.version", env!("CARGO_PKG_VERSION")), KeyValue::new("service.instance.id", instance));
    Resource::builder().with_service_name(service).with_attributes([version, instance]).build()
}

/// Whether spans go anywhere.
pub(super) fn is_on() -> bool {
    QUEUE.get().is_some()
}

/// Whether a new trace of this id is recorded: every process that is asked decides the same.
pub(super) fn samples(trace_id: &str) -> bool {
    let Some(queue) = QUEUE.get() else { return true };
    let random = trace_id.len().checked_sub(RANDOM_DIGITS).and_then(|from| trace_id.get(from..));
    let place = random.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0);
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "56 bits: less than one trace in 2^50 is off"
    )]
    let share = place as f64 / RANDOM_VALUES;
    share < queue.ratio
}

/// Queues a finished span, or drops it where the queue is full.
pub(super) fn send(span: SpanData) {
    if QUEUE.get().is_some_and(|queue| queue.spans.try_send(span).is_err()) {
        metrics::counter!("otlp_spans_dropped_total", "reason" => "queue_full").increment(1);
    }
}

impl Export {
    /// Sends what is left, as far as the collector takes it soon.
    pub(crate) async fn end(mut self) {
        self.stop.cancel();
        if tokio::time::timeout(END_TIMEOUT, &mut self.worker).await.is_err() {
            self.worker.abort();
            tracing::warn!("the collector did not take the last traces in time");
        }
    }
}

struct Worker {
    exporter: SpanExporter,
    waiting: mpsc::Receiver<SpanData>,
    stop: CancellationToken,
    is_away: bool,
}

impl Worker {
    async fn work(mut self) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        loop {
            let stop = self.stop.clone();
            let gathering = self.gather(&mut batch);
            let is_stopped = stop.run_until_cancelled(gathering).await.is_none();
            self.export(std::mem::take(&mut batch)).await;
            if is_stopped {
                return self.drain().await;
            }
        }
    }

    /// A batch that is full, or all that came in a while.
    async fn gather(&mut self, batch: &mut Vec<SpanData>) {
        let filling = async {
            while batch.len() < BATCH_MAX {
                let room = BATCH_MAX - batch.len();
                self.waiting.recv_many(batch, room).await;
            }
        };
        drop(tokio::time::timeout(GATHER, filling).await);
    }

    async fn drain(&mut self) {
        loop {
            let rest = std::iter::from_fn(|| self.waiting.try_recv().ok()).take(BATCH_MAX).collect::<Vec<_>>();
            if rest.is_empty() {
                return;
            }
            self.export(rest).await;
        }
    }

    async fn export(&mut self, batch: Vec<SpanData>) {
        if batch.is_empty() {
            return;
        }
        let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        match self.exporter.export(batch).await {
            Ok(()) => {
                metrics::counter!("otlp_spans_exported_total").increment(count);
                if std::mem::take(&mut self.is_away) {
                    tracing::info!("the collector takes traces again");
                }
            }
            Err(error) => {
                metrics::counter!("otlp_spans_dropped_total", "reason" => "export_failed").increment(count);
                if !std::mem::replace(&mut self.is_away, true) {
                    tracing::warn!("the collector does not take traces, which are dropped: {error}");
                }
            }
        }
    }
}
