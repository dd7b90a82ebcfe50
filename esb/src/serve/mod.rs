//! Puts the parts together.

mod configure;
mod learner;
mod routes;
pub mod settings;

use std::sync::Arc;
use std::time::Duration;

use chassis::auth::{Auth, Keys};
use chassis::bus::Topology;
use chassis::http::BodyLimit;
use chassis::{BoxError, Check, Client, Clock, Running, Service, Tasks, bus};
use secrecy::ExposeSecret;
use tokio::runtime::Handle;

use self::settings::Settings;
use crate::dead_letters::{self, DeadLetters};
use crate::endpoint::http_out::Proxy;
use crate::endpoint::order_events;
use crate::endpoint::services::Services;
use crate::endpoint::sse_out::Seats;
use crate::http::{self, Description, Streaming};
use crate::messages::{Messages, Traffic};
use crate::policy::{Limits, Replay};
use crate::registry::{Documents, Outside, Registry, Resolver};
use crate::route::mediation::Mediator;
use crate::route::pipeline::{Bus, Ready};
use crate::route::{AmqpDoor, Logins, RouteFile, SoapDoor, load};
use crate::saga::{Engine, Parts, Plans, Progress, Told, place_order};
use crate::store::order_events::OrderEvents;
use crate::store::{Answers, Sagas, Store, standing};

/// How often callers who have not asked of late are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(10);

/// What every part is told.
type Around<'a> = (&'a Settings, &'a Clock, &'a Tasks);

/// Everything that handlers ask for.
struct Foundation {
    store: Store,
    registry: Registry,
    keys: Keys,
    limits: Limits,
    services: Services,
    files: Vec<RouteFile>,
    routes: Vec<Arc<Ready>>,
    bus: Arc<Bus>,
    broker: Option<bus::Bus>,
    streaming: Arc<Streaming>,
    dead_letters: DeadLetters,
    traffic: Traffic,
}

/// Listens and serves, on a database that is up to date.
pub fn start(settings: &Settings, tasks: &Tasks, clock: Clock) -> Result<Running, BoxError> {
    let foundation = Foundation::lay(settings, tasks, &clock)?;
    foundation.spawn_chores(settings, tasks);
    let description = foundation.describe(settings, tasks)?;
    let auth = Auth::new(&settings.auth, foundation.keys.clone(), clock.clone());
    let mut service = Service::new(&settings.http, &http::openapi(), tasks)?
        .describe(move || description.bytes())
        .auth(auth.clone())
        .check(foundation.database_check())
        .check(learner::check(settings, &foundation.keys)?)
        .measured(foundation.probe());
    if let Some(broker) = &foundation.broker {
        service = service.check(broker.check());
    }
    let soap = Arc::new(foundation.soap(settings, auth.clone())?);
    foundation.open_to_messages(settings, (auth, clock))?;
    service.start(foundation.configure(settings, soap)?)
}

/// The connection to the broker, where there is one, with all that the parts need declared on it.
fn broker(settings: &Settings, tasks: &Tasks, topology: Topology) -> Option<bus::Bus> {
    bus::Bus::connect_with(&settings.broker, crate::NAME, tasks, Topology::common().and(topology))
}

/// Runs sagas, and tells operators who watch.
fn engine((settings, clock, tasks): Around<'_>, plans: Plans, store: &Store, messages: &Messages) -> Engine {
    let flow = messages.flow().clone();
    let tell = move |progress: Progress| flow.tell_of("saga", &progress);
    let (log, settings) = (Arc::new(Told::new(Sagas::new(store), tell)), settings.saga.clone());
    Engine::start(Parts { plans, log, settings, clock: clock.clone(), tasks: tasks.clone() })
}

/// What event streams need.
fn streaming(
    (settings, clock, tasks): Around<'_>,
    (store, broker): (&Store, Option<&bus::Bus>),
    services: &Services,
    limits: &Limits,
) -> Result<Streaming, BoxError> {
    let (events, pace) = (OrderEvents::new(store), settings.events.pace());
    Ok(Streaming {
        seats: Seats::new(&settings.streams),
        orders: order_events::start(&events, broker, (pace, clock), tasks),
        services: services.clone(),
        limit: limits.find("default").ok_or("`rate.default` is missing")?,
        trusted: settings.proxy.trusted.clone(),
        tasks: tasks.clone(),
        clock: clock.clone(),
    })
}

fn desk((settings, clock, tasks): Around<'_>, store: &Store, bus: Option<&bus::Bus>) -> DeadLetters {
    let (settings, clock) = (settings.dead_letters.clone(), clock.clone());
    DeadLetters::start(dead_letters::Parts { store, bus, settings, clock, tasks })
}

impl Foundation {
    fn lay(settings: &Settings, tasks: &Tasks, clock: &Clock) -> Result<Self, BoxError> {
        let (client, traffic) = (Client::new(&settings.upstream)?, Traffic::new(clock));
        let keys = Keys::at(settings.auth.jwks_url.clone(), client);
        let store = Store::connect(settings.database.url.expose_secret(), settings.database.max_connections)?;
        let resolver = Resolver::fixed(&settings.services);
        let registry = Registry::start(&settings.registry, &store, resolver.clone(), tasks);
        let services = Services::new(&settings.upstream, resolver.clone(), settings.client.clone(), &traffic)?;
        let limits = Limits::new(&settings.rate);
        let files = load(&settings.routes.dir)?;
        let messages = Messages::new(&settings.messages, tasks);
        let (around, plans) = ((settings, clock, tasks), Plans::default().with(place_order::plan(&services)));
        let sagas = engine(around, plans, &store, &messages);
        let routes = routes::ready(&files, &limits, settings, &traffic)?;
        let bus = Arc::new(Bus {
            table: routes::table(&routes),
            trusted: settings.proxy.trusted.clone(),
            mediator: Mediator::new(&settings.xml),
            resolver,
            replay: Replay::new(Answers::new(&store), clock.clone(), settings.idempotency.retention()),
            sagas,
            messages,
            tasks: tasks.clone(),
            runtime: Handle::current(),
        });
        let broker = broker(settings, tasks, routes::topology(&routes, settings));
        let streaming = streaming(around, (&store, broker.as_ref()), &services, &limits)?;
        let dead_letters = desk(around, &store, broker.as_ref());
        Ok(Self {
            store,
            registry,
            keys,
            limits,
            services,
            files,
            routes,
            bus,
            broker,
            streaming: Arc::new(streaming),
            dead_letters,
            traffic,
        })
    }

    /// Lets messages in, where there is a broker.
    fn open_to_messages(&self, settings: &Settings, (auth, clock): (Auth, Clock)) -> Result<(), BoxError> {
        let Some(broker) = self.broker.clone() else { return Ok(()) };
        let (bus, clients) = (Arc::clone(&self.bus), self.services.clients().clone());
        let (proxy, settings) = (Proxy::new(&settings.upstream, &self.traffic)?, settings.amqp.clone());
        AmqpDoor { bus, broker, proxy, clients, auth, clock, settings }.open(self.routes.clone());
        Ok(())
    }

    /// The routes that have a door for SOAP.
    fn soap(&self, settings: &Settings, auth: Auth) -> Result<SoapDoor, BoxError> {
        let named = |ready: &Arc<Ready>| Some((ready.route.from.soap.clone()?, Arc::clone(ready)));
        let strays = self.limits.find("default").ok_or("`rate.default` is missing")?;
        let at_token = self.routes.iter().find(|ready| ready.route.name == "client-token");
        Ok(SoapDoor {
            operations: self.routes.iter().filter_map(named).collect(),
            logins: Arc::new(Logins {
                machines: self.services.machines().clone(),
                auth,
                guesses: at_token.map_or_else(|| Arc::clone(&strays), |ready| Arc::clone(&ready.limit)),
            }),
            strays,
            body: BodyLimit { bytes_max: settings.http.body_max_bytes, timeout: settings.http.read_timeout() },
            limits: settings.xml.limits(settings.http.body_max_bytes),
            settings: settings.soap.clone(),
        })
    }

    /// Everything behind the bus, in one document; the services' own come when they come.
    fn describe(&self, settings: &Settings, tasks: &Tasks) -> Result<Description, BoxError> {
        let resolver = self.registry.resolver().clone();
        routes::tell_unknown(&self.files, &resolver);
        let documents = Documents::new(routes::services(&self.files), resolver, Outside::new(&settings.upstream)?);
        let routes = self.files.iter().flat_map(|file| file.routes.clone()).collect();
        let description = Description::new(routes, documents.clone(), self.bus.mediator.clone());
        tasks.spawn_until_stop(description.clone().keep_fresh());
        tasks.spawn_until_stop(documents.keep_fresh());
        Ok(description)
    }

    fn spawn_chores(&self, settings: &Settings, tasks: &Tasks) {
        self.registry.keep_own(tasks);
        self.watch_gauges(settings, tasks);
        tasks.spawn_until_stop(standing::measure(self.store.clone()));
        let limits = self.limits.clone();
        tasks.spawn_until_stop(async move {
            loop {
                tokio::time::sleep(FORGET_EVERY).await;
                limits.forget_idle();
            }
        });
        let (replay, interval) = (self.bus.replay.clone(), settings.idempotency.purge_interval());
        tasks.spawn_until_stop(async move {
            loop {
                tokio::time::sleep(interval).await;
                match replay.purge().await {
                    Ok(purged) => tracing::debug!(purged, "old answers are taken away"),
                    Err(error) => tracing::warn!(error = %error, "old answers could not be taken away"),
                }
            }
        });
    }

    fn probe(&self) -> impl Fn() + Send + Sync + 'static {
        let store = self.store.clone();
        move || store.pool().measure()
    }

    fn database_check(&self) -> Check {
        let (store, registry) = (self.store.clone(), self.registry.clone());
        Check::new("postgresql", move || {
            let (store, registry) = (store.clone(), registry.clone());
            async move {
                store.ping().await?;
                registry.is_read().await.then_some(()).ok_or_else(|| "the registry has not been read yet".into())
            }
        })
    }
}
