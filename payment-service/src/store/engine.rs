//! The connection to MongoDB, with a limit on everything, and what its errors mean.

use std::future::IntoFuture;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use chassis::trace::SpanKind;
use chassis::{BoxError, Pool, Span};
use mongodb::bson::{Document, doc};
use mongodb::error::{Error, ErrorKind, WriteFailure};
use mongodb::event::EventHandler;
use mongodb::event::cmap::CmapEvent;
use mongodb::options::{Acknowledgment, ClientOptions, ReadConcern, SelectionCriteria, WriteConcern};
use mongodb::{Client, Database};
use secrecy::ExposeSecret as _;

use crate::domain::PaymentError;
use crate::settings;

pub(super) const DUPLICATE_KEY: i32 = 11000;
/// Codes of the server that mean "not now": elections, shutdowns, time-outs, conflicts.
const NOT_NOW: [i32; 16] = [6, 7, 24, 50, 64, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];

/// Connects to the database of the settings. Every write is acknowledged by the majority, from its journal.
pub async fn connect(settings: &settings::Database) -> Result<Database, BoxError> {
    let mut options = ClientOptions::parse(settings.url.expose_secret()).await?;
    let name = options.default_database.clone().ok_or("database.url must name a database")?;
    let wait = Duration::from_millis(settings.connect_timeout_ms);
    options.app_name = Some(crate::NAME.to_owned());
    options.connect_timeout = Some(wait);
    options.server_selection_timeout = Some(wait);
    options.max_pool_size = Some(settings.max_connections);
    options.max_connecting = Some(settings.max_connections.clamp(2, 8));
    options.cmap_event_handler = Some(EventHandler::callback(|event| POOL.note(&event)));
    let durable = WriteConcern::builder().w(Acknowledgment::Majority).journal(true);
    options.write_concern = Some(durable.w_timeout(Duration::from_millis(settings.timeout_ms)).build());
    options.read_concern = Some(ReadConcern::local());
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(mongodb::options::ReadPreference::Primary));
    Ok(Client::with_options(options)?.database(&name))
}

/// What [`connect`] asks for every write, for a command that does not inherit it.
pub(super) fn durable(timeout: Duration) -> Document {
    doc! { "w": "majority", "j": true, "wtimeout": i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX) }
}

/// The driver tells what it does with its connections, and not how it stands.
static POOL: Counts = Counts { size: AtomicUsize::new(0), in_use: AtomicUsize::new(0), asking: AtomicUsize::new(0) };

struct Counts {
    size: AtomicUsize,
    in_use: AtomicUsize,
    asking: AtomicUsize,
}

impl Counts {
    fn note(&self, event: &CmapEvent) {
        let less = |count: &AtomicUsize| {
            // An event that was missed must not turn the count over.
            count.fetch_update(Relaxed, Relaxed, |count| Some(count.saturating_sub(1))).ok();
        };
        match event {
            CmapEvent::ConnectionCreated(_) => drop(self.size.fetch_add(1, Relaxed)),
            CmapEvent::ConnectionClosed(_) => less(&self.size),
            CmapEvent::ConnectionCheckoutStarted(_) => drop(self.asking.fetch_add(1, Relaxed)),
            CmapEvent::ConnectionCheckoutFailed(_) => less(&self.asking),
            CmapEvent::ConnectionCheckedOut(_) => {
                less(&self.asking);
                self.in_use.fetch_add(1, Relaxed);
            }
            CmapEvent::ConnectionCheckedIn(_) => less(&self.in_use),
            _ => {}
        }
    }
}

/// How many connections there are, and how busy they are, of `max`.
pub fn pool(max: u32) -> Pool {
    let (size, in_use) = (POOL.size.load(Relaxed), POOL.in_use.load(Relaxed));
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    Pool { max, size, idle: size.saturating_sub(in_use), waiting: POOL.asking.load(Relaxed) }
}

/// Connects, and makes the indexes that are missing.
pub async fn open(settings: &settings::Database) -> Result<Database, BoxError> {
    let database = connect(settings).await?;
    super::indexes::create(&database).await?;
    Ok(database)
}

/// Asks the engine whether it is there.
pub(super) async fn ping(database: &Database) -> Result<(), BoxError> {
    database.run_command(doc! { "ping": 1 }).await?;
    Ok(())
}

/// Whether the error says that the id is taken.
pub(super) fn is_duplicate(error: &Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE_KEY,
        ErrorKind::Command(error) => error.code == DUPLICATE_KEY,
        _ => false,
    }
}

/// The outcome of `work`, which counts as unavailable when it takes longer than `timeout`: the driver itself would wait
/// for ever for a server that has stopped talking.
pub(super) async fn within<T, W>(timeout: Duration, work: W) -> Result<Result<T, Error>, PaymentError>
where
    W: IntoFuture<Output = Result<T, Error>>,
{
    tokio::time::timeout(timeout, work.into_future()).await.map_err(|_elapsed| late())
}

/// The span of a question to the engine.
pub(super) fn span(what: &'static str) -> Span {
    let mut span = Span::begin(SpanKind::Client, what);
    span.set("db.system.name", "mongodb");
    span.set("db.query.summary", what);
    span
}

/// The engine has not answered in time.
pub(super) fn late() -> PaymentError {
    PaymentError::Unavailable("the store gave no answer in time".into())
}

/// Nobody writes any more.
pub(super) fn gone() -> PaymentError {
    PaymentError::Unavailable("the store is being closed".into())
}

/// What an error of the driver means to a caller.
pub(super) fn fault(error: Error) -> PaymentError {
    if is_passing(&error) { PaymentError::Unavailable(error.into()) } else { PaymentError::Store(error.into()) }
}

/// What it means that the engine refused one write of many.
pub(super) fn refused(code: i32, reason: &str) -> PaymentError {
    let why = format!("the engine refused a write with code {code}: {reason}").into();
    if NOT_NOW.contains(&code) { PaymentError::Unavailable(why) } else { PaymentError::Store(why) }
}

fn is_passing(error: &Error) -> bool {
    if error.contains_label(mongodb::error::RETRYABLE_WRITE_ERROR) {
        return true;
    }
    match error.kind.as_ref() {
        ErrorKind::Io(_)
        | ErrorKind::ServerSelection { .. }
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::InvalidResponse { .. }
        | ErrorKind::Shutdown
        | ErrorKind::Write(WriteFailure::WriteConcernError(_)) => true,
        ErrorKind::InsertMany(error) => {
            let errors = error.write_errors.iter().flatten();
            errors.filter(|error| error.code != DUPLICATE_KEY).all(|error| NOT_NOW.contains(&error.code))
        }
        ErrorKind::Command(error) => NOT_NOW.contains(&error.code),
        ErrorKind::Write(WriteFailure::WriteError(error)) => NOT_NOW.contains(&error.code),
        _ => false,
    }
}
