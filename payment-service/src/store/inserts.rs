//! New documents, many at once.

use std::collections::HashSet;
use std::time::Duration;

use mongodb::bson::{RawDocumentBuf, serialize_to_raw_document_buf};
use mongodb::error::{Error, ErrorKind};
use mongodb::{Collection, Database};
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use chassis::trace::SpanKind;
use chassis::{Context, Span};

use super::batches::Batches;
use super::engine;
use crate::domain::PaymentError;

/// Inserts into one collection.
#[derive(Debug, Clone)]
pub struct Inserts {
    jobs: mpsc::Sender<Job>,
}

#[derive(Debug)]
struct Job {
    document: RawDocumentBuf,
    /// Whose trace tells of it.
    context: Option<Context>,
    /// Whether the id was free.
    tell: oneshot::Sender<Result<bool, PaymentError>>,
}

impl Inserts {
    /// Inserts into `collection`, where no command may take longer than `timeout`.
    #[expect(clippy::disallowed_methods, reason = "it ends with the last of those who wait for it")]
    pub fn into(database: &Database, collection: &str, timeout: Duration) -> Self {
        let (jobs, batches) = Batches::new();
        tokio::spawn(write(database.collection(collection), batches, timeout));
        Self { jobs }
    }

    /// Inserts a document that brings its `_id`; whether that was free.
    pub async fn insert<T: Serialize + Sync>(&self, document: &T) -> Result<bool, PaymentError> {
        let document = serialize_to_raw_document_buf(document).map_err(|error| PaymentError::Store(error.into()))?;
        let mut span = engine::span("insert payments");
        let (tell, told) = oneshot::channel();
        let job = Job { document, context: span.context().cloned(), tell };
        self.jobs.send(job).await.map_err(|_closed| engine::gone())?;
        span.note(told.await.map_err(|_closed| engine::gone())?)
    }
}

async fn write(collection: Collection<RawDocumentBuf>, mut batches: Batches<Job>, timeout: Duration) {
    while let Some(jobs) = batches.next().await {
        let documents = jobs.iter().map(|job| &job.document);
        let served = jobs.iter().filter_map(|job| job.context.as_ref());
        let _batch = Span::shared(served, SpanKind::Client, "insert batch of payments");
        let inserted = engine::within(timeout, collection.insert_many(documents).ordered(false)).await;
        let outcome = Outcome::of(inserted.map(|inserted| inserted.map(|_ids| ())));
        for (index, job) in jobs.into_iter().enumerate() {
            // Who has gone away does not want to know.
            job.tell.send(outcome.at(index)).ok();
        }
    }
}

/// What became of a batch.
enum Outcome {
    /// All are in but these, whose ids were taken.
    Inserted {
        but: HashSet<usize>,
    },
    Failed(Error),
    Late,
}

impl Outcome {
    fn of(inserted: Result<Result<(), Error>, PaymentError>) -> Self {
        match inserted {
            Ok(Ok(())) => Self::Inserted { but: HashSet::new() },
            Ok(Err(error)) => taken(&error).map_or(Self::Failed(error), |but| Self::Inserted { but }),
            Err(_late) => Self::Late,
        }
    }

    fn at(&self, index: usize) -> Result<bool, PaymentError> {
        match self {
            Self::Inserted { but } => Ok(!but.contains(&index)),
            Self::Failed(error) => Err(engine::fault(error.clone())),
            Self::Late => Err(engine::late()),
        }
    }
}

/// The places whose ids were taken, where nothing else went wrong.
fn taken(error: &Error) -> Option<HashSet<usize>> {
    let ErrorKind::InsertMany(failed) = error.kind.as_ref() else { return None };
    let errors = failed.write_errors.as_ref().filter(|_| failed.write_concern_error.is_none())?;
    let all_taken = errors.iter().all(|error| error.code == engine::DUPLICATE_KEY);
    all_taken.then(|| errors.iter().map(|error| error.index).collect())
}
