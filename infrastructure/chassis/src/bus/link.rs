//! Keeps a connection to the broker, through every outage.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use lapin::options::ConfirmSelectOptions;
use lapin::protocol::AMQPErrorKind;
use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties, ErrorKind, Event};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use tokio_util::task::LocalPoolHandle;

use super::Topology;
use crate::settings::Broker;
use crate::{BoxError, Check, Tasks};

/// How long opening a connection, its channel and the exchanges may take.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// Waits between two tries to connect, in milliseconds; half of it is drawn by lot.
const BACKOFF_MS: [u64; 5] = [200, 400, 800, 1500, 2000];
/// After two of these without a sign of life the connection counts as dead.
const HEARTBEAT_S: u16 = 5;

/// The broker, as a process sees it.
#[derive(Clone)]
pub struct Bus {
    pub(super) link: watch::Receiver<Option<Link>>,
    pub(super) tasks: Tasks,
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
        tasks.spawn_until_stop(async move { keep(&url, name, (&topology, &sender)).await });
        Some(Self { link, tasks: tasks.clone(), handlers: LocalPoolHandle::new(1) })
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

async fn keep(url: &SecretString, name: &'static str, (topology, sender): (&Topology, &watch::Sender<Option<Link>>)) {
    let mut failures = 0_usize;
    loop {
        match tokio::time::timeout(OPEN_TIMEOUT, open(url, name, topology)).await {
            Ok(Ok(link)) => {
                failures = 0;
                tracing::info!("connected to the broker");
                let connection = Arc::clone(&link.connection);
                sender.send_replace(Some(link));
                let why = lost(&connection).await;
                sender.send_replace(None);
                tracing::warn!("lost the connection to the broker: {why}");
            }
            Ok(Err(error)) => tracing::warn!("the broker can't be reached: {}", crate::fault::chain(error.as_ref())),
            Err(_elapsed) => tracing::warn!("the broker does not answer"),
        }
        let most = BACKOFF_MS.get(failures).or(BACKOFF_MS.last()).copied().unwrap_or(1000);
        failures = failures.saturating_add(1);
        let wait = rand::rng().random_range(most / 2..=most);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
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
async fn lost(connection: &Connection) -> String {
    let mut events = Box::pin(connection.events_listener());
    while connection.status().connected() {
        match events.next().await {
            // The broker closed a channel over a mistake that was made there; the others go on.
            Some(Event::Error(error)) if is_of_a_channel(&error) => tracing::warn!("a channel was closed: {error}"),
            Some(Event::Error(error)) => return error.to_string(),
            Some(Event::ConnectionBlocked(why)) => tracing::warn!("the broker takes no messages: {why}"),
            Some(Event::ConnectionUnblocked) => tracing::info!("the broker takes messages again"),
            Some(_) => {}
            None => return "it ended".to_owned(),
        }
    }
    "it closed".to_owned()
}

fn is_of_a_channel(error: &lapin::Error) -> bool {
    matches!(error.kind(), ErrorKind::ProtocolError(told) if matches!(told.kind(), AMQPErrorKind::Soft(_)))
}
