//! Changes of documents, many at once.

use std::time::Duration;

use chassis::trace::SpanKind;
use chassis::{Context, Span};
use mongodb::bson::{Document, deserialize_from_document, doc};
use mongodb::error::Error;
use mongodb::{Collection, Database};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};

use super::batches::Batches;
use super::engine;
use crate::domain::PaymentError;

/// Changes documents of one collection.
#[derive(Debug, Clone)]
pub(super) struct Updates {
    jobs: mpsc::Sender<Job>,
}

#[derive(Debug)]
struct Job {
    /// The document as it is to be; it meets one at most.
    unchanged: Document,
    update: Document,
    /// Whose trace tells of it.
    context: Option<Context>,
    tell: oneshot::Sender<Result<bool, PaymentError>>,
}

/// Where the changes go.
struct Target {
    documents: Collection<Document>,
    database: Database,
    timeout: Duration,
}

/// What the engine says of many changes. It does not say which of them met nothing.
#[derive(Debug, Deserialize)]
struct Counted {
    n: u64,
    #[serde(default, rename = "writeErrors")]
    refused: Vec<Refused>,
    #[serde(default, rename = "writeConcernError")]
    unsafe_yet: Option<Document>,
}

#[derive(Debug, Deserialize)]
struct Refused {
    index: usize,
    code: i32,
    #[serde(rename = "errmsg")]
    reason: String,
}

impl Updates {
    /// Changes of documents in `collection`, where no command may take longer than `timeout`.
    #[expect(clippy::disallowed_methods, reason = "it ends with the last of those who wait for it")]
    pub(super) fn of(database: &Database, collection: &str, timeout: Duration) -> Self {
        let (jobs, batches) = Batches::new();
        let documents = database.collection(collection);
        tokio::spawn(write(Target { documents, database: database.clone(), timeout }, batches));
        Self { jobs }
    }

    /// Changes the document that is still as `unchanged` says. `false` where there may be none: read it again, since
    /// this very change may have been made.
    pub(super) async fn update(&self, unchanged: Document, update: Document) -> Result<bool, PaymentError> {
        let mut span = engine::span("update payments");
        let (tell, told) = oneshot::channel();
        let job = Job { unchanged, update, context: span.context().cloned(), tell };
        self.jobs.send(job).await.map_err(|_closed| engine::gone())?;
        span.note(told.await.map_err(|_closed| engine::gone())?)
    }
}

async fn write(target: Target, mut batches: Batches<Job>) {
    while let Some(jobs) = batches.next().await {
        let served = jobs.iter().filter_map(|job| job.context.as_ref());
        let _batch = Span::shared(served, SpanKind::Client, "update batch of payments");
        let outcome = target.update(&jobs).await;
        let count = jobs.len().try_into().unwrap_or(u64::MAX);
        for (index, job) in jobs.into_iter().enumerate() {
            let told = match &outcome {
                Ok(Ok(counted)) => counted.at(index, count),
                Ok(Err(error)) => Err(engine::fault(error.clone())),
                Err(_late) => Err(engine::late()),
            };
            // Who has gone away does not want to know.
            job.tell.send(told).ok();
        }
    }
}

impl Target {
    async fn update(&self, jobs: &[Job]) -> Result<Result<Counted, Error>, PaymentError> {
        if let [job] = jobs {
            let one = self.documents.update_one(job.unchanged.clone(), job.update.clone());
            return Ok(engine::within(self.timeout, one).await?.map(|updated| Counted::one(updated.matched_count)));
        }
        let updates = jobs.iter().map(|job| doc! { "q": &job.unchanged, "u": &job.update }).collect::<Vec<_>>();
        let command = doc! {
            "update": self.documents.name(), "updates": updates, "ordered": false,
            "writeConcern": engine::durable(self.timeout),
        };
        let answered = engine::within(self.timeout, self.database.run_command(command)).await?;
        Ok(answered.and_then(|answer| Ok(deserialize_from_document(answer)?)))
    }
}

impl Counted {
    const fn one(met: u64) -> Self {
        Self { n: met, refused: Vec::new(), unsafe_yet: None }
    }

    /// What became of one of so many changes. Where one met nothing or was refused, nobody knows what the others met, and
    /// each looks again.
    fn at(&self, index: usize, of: u64) -> Result<bool, PaymentError> {
        if let Some(why) = &self.unsafe_yet {
            return Err(PaymentError::Unavailable(format!("a change is not safe yet: {why}").into()));
        }
        match self.refused.iter().find(|refused| refused.index == index) {
            Some(Refused { code, reason, .. }) => Err(engine::refused(*code, reason)),
            None => Ok(self.n == of),
        }
    }
}
