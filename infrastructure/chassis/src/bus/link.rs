//! Keeps a connection to the broker, through every outage.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::protocol::{AMQPErrorKind, AMQPSoftError};
use lapin::types::ShortString;
use lapin::uri::AMQPUri;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ErrorKind, Event};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use tokio_util::task::LocalPoolHandle;

use super::Topology;
use super::depth::Watched;
use crate::settings::Broker;
use crate::{BoxError, Check, Tasks};

/// How long opening a connection, its channel and the exchanges may take.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// Waits between two tries to connect, in milliseconds; half of it is drawn by lot.
const BACKOFF_MS: [u64; 5] = [200, 400, 800, 1500, 2000];
/// After two of these without a sign of life the connection counts as dead.
const HEARTBEAT_S: u16 = 5;
/// How often the channel for publishing is looked at: the broker closes it where a publish breaks its rules.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// AMQP's code for a close that nobody is to blame for.
const CLOSED_BY_US: u16 = 200;

/// The broker, as a process sees it.
#[derive(Clone)]
pub struct Bus {
    pub(super) link: watch::Receiver<Option<Link>>,
    pub(super) tasks: Tasks,
    pub(super) watched: Watched,
    /// The thread that handlers of messages run on.
    pub(super) handlers: LocalPoolHandle,
}

/// A connection that works, with a channel to publish on.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) connection: Arc<Connection>,
    pub(super) publisher: Channel,
}

impl Bus {
    /// Connects to the broker in the background, again and again until the process stops; `None` where none is set.
    pub fn connect(broker: &Broker, name: &'static str, tasks: &Tasks) -> Option<Self> {
        Self::connect_with(broker, name, tasks, Topology::common())
    }

    /// Like [`Self::connect`], and declares `topology` on each connection before anybody has it.
    pub fn connect_with(broker: &Broker, name: &'static str, tasks: &Tasks, topology: Topology) -> Option<Self> {
        let url = broker.url.clone();
        if url.expose_secret().is_empty() {
            tracing::warn!("broker.url is empty: events wait in the outbox");
            return None;
        }
        let (sender, link) = watch::channel(None);
        let watched = Watched::default();
        watched.add(topology.queues.iter().map(|queue| queue.name.clone()));
        let keeper = Keeper { url, name, topology, watched: watched.clone(), sender, tasks: tasks.clone() };
        tasks.spawn_until_stop(async move { keeper.keep().await });
        Some(Self { link, tasks: tasks.clone(), watched, handlers: LocalPoolHandle::new(1) })
    }

    /// Whether the broker can be reached at this moment.
    pub fn is_up(&self) -> bool {
        self.link.borrow().is_some()
    }

    /// For `/health/ready`.
    pub fn check(&self) -> Check {
        let bus = self.clone();
        Check::new("rabbitmq", move || {
            let connected = bus.is_up().then_some(()).ok_or_else(|| "there is no connection to the broker".into());
            async move { connected }
        })
    }

    /// Whether the broker lets us publish in the name of others; waits until it can be asked.
    pub async fn may_impersonate(&self) -> bool {
        while let Some(link) = self.up_until_stop().await {
            match impersonate(&link.connection).await {
                Ok(()) => return true,
                Err(error) if is_against_the_rules(&error) => return false,
                Err(error) => tracing::debug!("the broker could not be asked: {error}"),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        true
    }

    /// The next connection that works; `None` once the process stops.
    pub(super) async fn up(&self) -> Option<Link> {
        let mut link = self.link.clone();
        let found = link.wait_for(Option::is_some).await.ok()?;
        found.clone()
    }

    /// The same, and `None` as soon as the process is asked to stop.
    pub(super) async fn up_until_stop(&self) -> Option<Link> {
        tokio::select! {
            () = self.tasks.stopping() => None,
            link = self.up() => link,
        }
    }
}

/// Makes a connection whenever there is none.
struct Keeper {
    url: SecretString,
    name: &'static str,
    topology: Topology,
    watched: Watched,
    sender: watch::Sender<Option<Link>>,
    tasks: Tasks,
}

impl Keeper {
    async fn keep(&self) {
        let (mut failures, mut was_up) = (0_usize, false);
        loop {
            match tokio::time::timeout(OPEN_TIMEOUT, open(&self.url, self.name, &self.topology)).await {
                Ok(Ok(link)) => {
                    (failures, was_up) = (0, true);
                    self.use_up(link).await;
                }
                // Waiting would not mend it; but a process that has worked until now does not end by this.
                Ok(Err(error)) if !was_up && is_conflict(&error) => {
                    self.tasks.fail(format!("the broker has it otherwise than we need it: {error}"));
                    return;
                }
                Ok(Err(error)) => {
                    tracing::warn!("the broker can't be used: {}", crate::fault::chain(error.as_ref()));
                }
                Err(_elapsed) => tracing::warn!("the broker does not answer"),
            }
            let most = BACKOFF_MS.get(failures).or(BACKOFF_MS.last()).copied().unwrap_or(1000);
            failures = failures.saturating_add(1);
            let wait = rand::rng().random_range(most / 2..=most);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }

    async fn use_up(&self, link: Link) {
        tracing::info!("connected to the broker");
        self.sender.send_replace(Some(link.clone()));
        metrics::gauge!("bus_connected").set(1.0);
        let why = tokio::select! {
            why = lost(&link) => why,
            never = self.watched.measure(&link.connection) => match never {},
        };
        metrics::gauge!("bus_connected").set(0.0);
        metrics::counter!("bus_connections_lost_total").increment(1);
        self.sender.send_replace(None);
        tracing::warn!("lost the connection to the broker: {why}");
    }
}

/// Whether the broker has something of this name in another form, and says so.
fn is_conflict(error: &BoxError) -> bool {
    error.downcast_ref::<lapin::Error>().is_some_and(is_against_the_rules)
}

/// AMQP's code 406.
fn is_against_the_rules(error: &lapin::Error) -> bool {
    let ErrorKind::ProtocolError(error) = error.kind() else { return false };
    *error.kind() == AMQPErrorKind::Soft(AMQPSoftError::PRECONDITIONFAILED)
}

/// Publishes to nobody as somebody else.
async fn impersonate(connection: &Connection) -> lapin::Result<()> {
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    let properties = BasicProperties::default().with_user_id("somebody-else".into());
    let (nowhere, options) = (ShortString::default(), BasicPublishOptions::default());
    channel.basic_publish(nowhere.clone(), nowhere, options, b"", properties).await?.await.map(|_confirmed| ())
}

async fn open(url: &SecretString, name: &'static str, topology: &Topology) -> Result<Link, BoxError> {
    let mut uri: AMQPUri = url.expose_secret().parse().map_err(|_secret| "broker.url is not an AMQP address")?;
    uri.query.heartbeat.get_or_insert(HEARTBEAT_S);
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    let connection = Connection::connect_uri(uri, properties).await?;
    topology.declare(&connection.create_channel().await?).await?;
    let publisher = connection.create_channel().await?;
    publisher.confirm_select(ConfirmSelectOptions::default()).await?;
    Ok(Link { connection: Arc::new(connection), publisher })
}

/// Waits until the connection is no more, and says why.
async fn lost(link: &Link) -> String {
    let mut events = Box::pin(link.connection.events_listener());
    while link.connection.status().connected() {
        if !link.publisher.status().connected() {
            // Everything that publishes would fail from now on.
            let closed = link.connection.close(CLOSED_BY_US, "a publish was against the rules".into()).await;
            let how = closed.err().map_or_else(String::new, |error| format!(": {error}"));
            return format!("the broker closed its channel for publishing{how}");
        }
        match tokio::time::timeout(LOOK_EVERY, events.next()).await {
            // The broker closed a channel over a mistake that was made there; the others go on.
            Ok(Some(Event::Error(error))) if is_of_a_channel(&error) => tracing::warn!("a channel was closed: {error}"),
            Ok(Some(Event::Error(error))) => return error.to_string(),
            Ok(Some(Event::ConnectionBlocked(why))) => tracing::warn!("the broker takes no messages: {why}"),
            Ok(Some(Event::ConnectionUnblocked)) => tracing::info!("the broker takes messages again"),
            Ok(None) => return "it ended".to_owned(),
            Ok(Some(_)) | Err(_) => {}
        }
    }
    "it closed".to_owned()
}

fn is_of_a_channel(error: &lapin::Error) -> bool {
    matches!(error.kind(), ErrorKind::ProtocolError(told) if matches!(told.kind(), AMQPErrorKind::Soft(_)))
}
