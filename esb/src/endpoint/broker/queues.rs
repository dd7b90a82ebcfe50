//! How full queues are. The broker is asked at most once in two seconds, however many want to know.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chassis::bus::Bus;
use lapin::options::QueueDeclareOptions;
use lapin::protocol::{AMQPErrorKind, AMQPSoftError};
use lapin::types::FieldTable;
use lapin::{Channel, ErrorKind};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::ToSchema;

/// How long an answer is good.
const FRESH: Duration = Duration::from_secs(2);
/// How long the broker may take for all of them.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a queue is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// What comes in by a route.
    Requests,
    /// What a route passes on, for whoever consumes it.
    Channel,
    /// What waits for another try.
    Delay,
    /// What nothing could be done with.
    DeadLetters,
    /// What has happened.
    Events,
}

/// A queue to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The route that it belongs to.
    pub route: Option<String>,
}

/// How full a queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// Which one.
    pub queue: Watched,
    /// How many messages wait in it, and how many consumers it has; `None` where the broker has no such queue.
    pub found: Option<(u32, u32)>,
}

/// The broker can't be asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the broker can't be asked: {0}")]
pub struct Away(String);

/// Looks at queues.
#[derive(Clone)]
pub struct Depths(Arc<Inner>);

struct Inner {
    broker: Option<Bus>,
    queues: Vec<Watched>,
    /// That it could not be asked, too: who waits in line must not wait for the same again.
    known: Mutex<Option<(Instant, Looked)>>,
}

type Looked = Result<Arc<[Depth]>, Away>;

impl Depths {
    /// Looks at these.
    pub fn new(broker: Option<Bus>, queues: Vec<Watched>) -> Self {
        Self(Arc::new(Inner { broker, queues, known: Mutex::default() }))
    }

    /// Those that are looked at.
    pub fn watched(&self) -> &[Watched] {
        &self.0.queues
    }

    /// How full they are, as of two seconds ago at most.
    pub async fn look(&self) -> Looked {
        let broker = self.0.broker.as_ref().ok_or_else(|| Away("there is none".to_owned()))?;
        let mut known = self.0.known.lock().await;
        if let Some((_, looked)) =
            known.as_ref().filter(|(at, looked)| at.elapsed() < FRESH && (looked.is_err() || broker.is_up()))
        {
            return looked.clone();
        }
        let late = |_elapsed| Err(Away("it did not answer in time".to_owned()));
        let looked = tokio::time::timeout(PATIENCE, look(broker, &self.0.queues)).await.unwrap_or_else(late);
        let looked = looked.map(Arc::from);
        *known = Some((Instant::now(), looked.clone()));
        looked
    }
}

/// A queue that is not there costs the channel that it was asked for on.
async fn look(broker: &Bus, queues: &[Watched]) -> Result<Vec<Depth>, Away> {
    let open = async || broker.channel().await.map_err(|error| Away(chassis::fault::chain(&error)));
    let (mut channel, mut depths) = (open().await?, Vec::with_capacity(queues.len()));
    for queue in queues {
        let found = count(&channel, &queue.name).await.map_err(|error| Away(error.to_string()))?;
        if found.is_none() {
            channel = open().await?;
        }
        depths.push(Depth { queue: queue.clone(), found });
    }
    // An answer that is there is not thrown away because the channel could not be closed.
    channel.close(CLOSED_BY_US, "all is seen".into()).await.unwrap_or_else(|error| tracing::debug!("{error}"));
    Ok(depths)
}

/// AMQP's code for a close that nobody is to blame for.
const CLOSED_BY_US: u16 = 200;

async fn count(channel: &Channel, queue: &str) -> lapin::Result<Option<(u32, u32)>> {
    let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    match channel.queue_declare(queue.into(), passive, FieldTable::default()).await {
        Ok(found) => Ok(Some((found.message_count(), found.consumer_count()))),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// AMQP's code 404.
fn is_missing(error: &lapin::Error) -> bool {
    let ErrorKind::ProtocolError(error) = error.kind() else { return false };
    *error.kind() == AMQPErrorKind::Soft(AMQPSoftError::NOTFOUND)
}
