//! How full the queues are that a process declares or takes from.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use lapin::{Channel, Connection};

use super::Bus;

/// How often the broker is asked.
const ASK_EVERY: Duration = Duration::from_secs(10);

/// The names of the queues.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched(Arc<Mutex<BTreeSet<String>>>);

impl Watched {
    pub(super) fn add(&self, queues: impl IntoIterator<Item = String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(queues);
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Tells how full they are, again and again while the connection works.
    pub(super) async fn measure(&self, connection: &Connection) -> Infallible {
        loop {
            if let Err(error) = self.ask(connection).await {
                tracing::debug!("the broker does not tell how full the queues are: {error}");
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }

    async fn ask(&self, connection: &Connection) -> lapin::Result<()> {
        let mut channel = connection.create_channel().await?;
        for name in self.names() {
            // That a queue is not there closes the channel; the others are asked on another.
            if measure_one(&channel, name).await.is_err() {
                channel = connection.create_channel().await?;
            }
        }
        channel.close(200, "told".into()).await
    }
}

async fn measure_one(channel: &Channel, name: String) -> lapin::Result<()> {
    let look = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let queue = channel.queue_declare(name.as_str().into(), look, FieldTable::default()).await?;
    metrics::gauge!("bus_queue_messages", "queue" => name.clone()).set(f64::from(queue.message_count()));
    metrics::gauge!("bus_queue_consumers", "queue" => name).set(f64::from(queue.consumer_count()));
    Ok(())
}

impl Bus {
    /// Tells how full this queue is, too.
    pub(super) fn watch(&self, queue: &str) {
        self.watched.add([queue.to_owned()]);
    }
}
