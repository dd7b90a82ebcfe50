//! Puts the parts together.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::web::{self, Data, ServiceConfig};
use chassis::auth::{Auth, Keys};
use chassis::bus::{self, Topology};
use chassis::http::BodyLimit;
use chassis::{BoxError, Call, Check, Client, Clock, Running, Service, Tasks};
use secrecy::ExposeSecret;
use tokio::runtime::Handle;

use crate::dead_letters::{self, DeadLetters};
use crate::endpoint::http_out::Proxy;
use crate::endpoint::services::Services;
use crate::http::{self, Description};
use crate::policy::{Limits, Replay};
use crate::registry::Resolver;
use crate::route::pipeline::{self, Bus, Ready};
use crate::route::{Known, Route, RouteError, RouteFile, Table, check, load};
use crate::saga::{Engine, Parts, Plans, place_order};
use crate::settings::Settings;
use crate::store::{Answers, Sagas, Store};

/// How often callers who have not asked of late are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(10);

/// Everything that handlers ask for.
struct Foundation {
    store: Store,
    keys: Keys,
    limits: Limits,
    services: Services,
    files: Vec<RouteFile>,
    bus: Arc<Bus>,
    dead_letters: DeadLetters,
}

/// Listens and serves, on a database that is up to date.
pub fn start(settings: &Settings, tasks: &Tasks, clock: Clock) -> Result<Running, BoxError> {
    let foundation = Foundation::lay(settings, tasks, &clock)?;
    foundation.spawn_chores(settings, tasks);
    let routes = foundation.files.iter().flat_map(|file| file.routes.clone()).collect();
    let description = Description::new(routes, foundation.services.clone());
    tasks.spawn_until_stop(description.clone().keep_fresh());
    let auth = Auth::new(&settings.auth, foundation.keys.clone(), clock);
    Service::new(&settings.http, &http::openapi(), tasks)?
        .describe(move || description.bytes())
        .auth(auth)
        .check(foundation.database_check())
        .check(foundation.keys_check(settings)?)
        .start(foundation.configure(settings)?)
}

impl Foundation {
    fn lay(settings: &Settings, tasks: &Tasks, clock: &Clock) -> Result<Self, BoxError> {
        let client = Client::new(&settings.upstream)?;
        let keys = Keys::at(settings.auth.jwks_url.clone(), client);
        let resolver = Resolver::fixed(&settings.services);
        let services = Services::new(&settings.upstream, resolver.clone(), settings.client.clone())?;
        let limits = Limits::new(&settings.rate);
        let files = load(&settings.routes.dir)?;
        let store = Store::connect(settings.database.url.expose_secret(), settings.database.max_connections)?;
        let retention = Duration::from_secs(u64::from(settings.idempotency.retention_hours) * 3600);
        let plans = Plans::default().with(place_order::plan(&services));
        let (log, patience) = (Arc::new(Sagas::new(&store)), settings.saga.clone());
        let sagas = Engine::start(Parts { plans, log, settings: patience, clock: clock.clone(), tasks: tasks.clone() });
        let bus = Arc::new(Bus {
            table: table(&files, &limits, settings)?,
            trusted: settings.proxy.trusted.clone(),
            resolver,
            replay: Replay::new(Answers::new(&store), clock.clone(), retention),
            sagas,
            tasks: tasks.clone(),
            runtime: Handle::current(),
        });
        let broker = broker(settings, tasks, Topology::common());
        let dead_letters = DeadLetters::start(dead_letters::Parts {
            store: &store,
            bus: broker.as_ref(),
            settings: settings.dead_letters.clone(),
            clock: clock.clone(),
            tasks,
        });
        Ok(Self { store, keys, limits, services, files, bus, dead_letters })
    }

    fn spawn_chores(&self, settings: &Settings, tasks: &Tasks) {
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

    fn database_check(&self) -> Check {
        let store = self.store.clone();
        Check::new("postgresql", move || {
            let store = store.clone();
            async move { store.ping().await.map_err(BoxError::from) }
        })
    }

    /// Tokens can be checked once the keys are known; that customer-service is down later does not matter here.
    fn keys_check(&self, settings: &Settings) -> Result<Check, BoxError> {
        let learner = Arc::new(Learner {
            client: Client::new(&settings.upstream)?,
            keys: self.keys.clone(),
            url: settings.auth.jwks_url.to_string(),
            known: AtomicBool::new(false),
        });
        Ok(Check::new("keys", move || {
            let learner = Arc::clone(&learner);
            async move { learner.learn().await }
        }))
    }

    fn configure(self, settings: &Settings) -> Result<impl Fn(&mut ServiceConfig) + Clone + Send + 'static, BoxError> {
        let (limits, spare) = (settings.upstream.clone(), Proxy::new(&settings.upstream)?);
        let entry = |file: &RouteFile, route: Route| http::RouteEntry { file: file.name.clone(), route };
        let entries =
            self.files.iter().flat_map(|file| file.routes.iter().map(move |route| entry(file, route.clone())));
        let running = Arc::new(http::RunningRoutes(entries.collect()));
        let (bus, services, dead_letters) = (self.bus, self.services, self.dead_letters);
        Ok(move |config: &mut ServiceConfig| {
            // One client for each thread: its connections are served where they are used.
            let proxy = Proxy::new(&limits).unwrap_or_else(|_| spare.clone());
            config
                .app_data(Data::from(Arc::clone(&bus)))
                .app_data(Data::new(bus.sagas.clone()))
                .app_data(Data::new(services.clone()))
                .app_data(Data::new(dead_letters.clone()))
                .app_data(Data::new(Arc::clone(&running)))
                .app_data(Data::new(proxy))
                .configure(http::configure)
                .default_service(web::to(pipeline::take));
        })
    }
}

/// The connection to the broker; `None` where none is set.
fn broker(settings: &Settings, tasks: &Tasks, topology: Topology) -> Option<bus::Bus> {
    bus::Bus::connect_with(&settings.broker, crate::NAME, tasks, topology)
}

/// Fetches the public keys, once.
struct Learner {
    client: Client,
    keys: Keys,
    url: String,
    known: AtomicBool,
}

impl Learner {
    async fn learn(&self) -> Result<(), BoxError> {
        if !self.known.load(Ordering::Relaxed) {
            self.keys.replace(&self.client.call(Call::get(&self.url)).await?.json()?);
            self.known.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

fn table(files: &[RouteFile], limits: &Limits, settings: &Settings) -> Result<Table<Ready>, BoxError> {
    let services = settings.services.keys().map(|name| name.replace('_', "-")).collect();
    let known = Known { services, sagas: BTreeSet::from([place_order::NAME.to_owned()]), rates: limits.names() };
    let findings = check(files, &known);
    if !findings.is_empty() {
        return Err(RouteError(findings).into());
    }
    let mut table = Table::default();
    for route in files.iter().flat_map(|file| &file.routes) {
        let bytes_max = route.body_max_bytes.unwrap_or(settings.http.body_max_bytes);
        let ready = Ready {
            limit: limits.find(&route.rate).ok_or("a rate that was there is gone")?,
            body: BodyLimit { bytes_max, timeout: settings.http.read_timeout() },
            timeout: Duration::from_millis(route.timeout_ms.unwrap_or(settings.upstream.timeout_ms)),
            seconds: OnceLock::new(),
            route: route.clone(),
        };
        table.insert(route.http(), ready);
    }
    Ok(table)
}
