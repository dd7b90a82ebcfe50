//! A server with all that every server has.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use bytes::Bytes;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::task::JoinHandle;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::auth::Auth;
use crate::client::Registration;
use crate::http::queries::WithoutQuery;
use crate::http::{BodyLimit, describe_answers, edge};
use crate::process::{meters, usage};
use crate::settings::{Http, Registry};
use crate::{BoxError, Check, Failure, Health, Kind, Tasks, health};

/// How often what was measured is put together; else it would pile up where nobody asks for it.
const UPKEEP: Duration = Duration::from_secs(5);

/// For a server in a process that was not begun by [`crate::run`], as in tests.
const NO_OWN_METERS: &str = "meter = []";

/// Takes measures, at once, when somebody asks for the metrics.
type Probe = Arc<dyn Fn() + Send + Sync>;
/// Gives the OpenAPI document, as JSON.
type Describe = Arc<dyn Fn() -> Bytes + Send + Sync>;

/// A server in the making.
pub struct Service {
    settings: Http,
    auth: Option<Auth>,
    checks: Vec<Check>,
    probes: Vec<Probe>,
    describe: Describe,
    without_query: Data<WithoutQuery>,
    registry: Option<(&'static str, Registry)>,
    tasks: Tasks,
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    registration: Option<Arc<Registration>>,
    tasks: Tasks,
    grace: Duration,
}

impl Service {
    /// A server on `settings.listen`, described by `openapi`.
    pub fn new(settings: &Http, openapi: &OpenApi, tasks: &Tasks) -> Result<Self, BoxError> {
        let mut document = serde_json::to_value(openapi)?;
        describe_answers(&mut document);
        let without_query = Data::new(WithoutQuery::of(&document));
        let document = Bytes::from(document.to_string());
        let describe: Describe = Arc::new(move || document.clone());
        let (settings, tasks, auth, registry) = (settings.clone(), tasks.clone(), None, None);
        Ok(Self { settings, auth, checks: Vec::new(), probes: Vec::new(), describe, without_query, registry, tasks })
    }

    /// With a description that may change while the server runs: `describe` gives the OpenAPI document as JSON.
    #[must_use]
    pub fn describe<F>(self, describe: F) -> Self
    where
        F: Fn() -> Bytes + Send + Sync + 'static,
    {
        Self { describe: Arc::new(describe), ..self }
    }

    /// With a check of access tokens, which [`crate::auth::Caller`] builds on.
    #[must_use]
    pub fn auth(self, auth: Auth) -> Self {
        Self { auth: Some(auth), ..self }
    }

    /// With something that must be there for `/health/ready`.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// With a probe that sets gauges whenever the metrics are asked for; it must not wait for anything.
    #[must_use]
    pub fn measured(mut self, probe: impl Fn() + Send + Sync + 'static) -> Self {
        self.probes.push(Arc::new(probe));
        self
    }

    /// Registered at the bus as `name` while it runs, where the settings name a registry.
    #[must_use]
    pub fn registered(self, name: &'static str, settings: &Registry) -> Self {
        Self { registry: Some((name, settings.clone())), ..self }
    }

    /// Listens, and serves the routes of `configure` until the tasks are stopped.
    pub fn start<F>(self, configure: F) -> Result<Running, BoxError>
    where
        F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
    {
        let (settings, tasks, registry) = (self.settings.clone(), self.tasks.clone(), self.registry.clone());
        let common = Common::new(self)?;
        tasks.spawn_until_stop(keep_up(common.metrics.clone()));
        let server = HttpServer::new(move || {
            let common = common.clone();
            App::new().configure(|config| common.add_to(config)).configure(configure.clone()).wrap(from_fn(edge::pass))
        });
        let server = server
            .workers(workers(&settings))
            .client_request_timeout(settings.read_timeout())
            .keep_alive(Duration::from_millis(settings.keep_alive_ms))
            .shutdown_timeout(settings.shutdown_grace_s)
            .disable_signals()
            .bind(settings.listen)?;
        let addr = server.addrs().first().copied().ok_or("the server has no address")?;
        let server = server.run();
        let handle = server.handle();
        tracing::info!(http.listen = %addr, "listening on {addr}");
        #[expect(clippy::disallowed_methods, reason = "`Running::until_stopped` waits for it")]
        let server = tokio::spawn(server);
        let registration = registry.map(|(name, registry)| Registration::new(name, &registry, addr)).transpose()?;
        let registration = registration.flatten().map(Arc::new);
        if let Some(registration) = registration.clone() {
            tasks.spawn_until_stop(async move { registration.keep().await });
        }
        let grace = Duration::from_secs(settings.shutdown_grace_s);
        Ok(Running { addr, handle, server, registration, tasks, grace })
    }
}

fn workers(settings: &Http) -> usize {
    let cores = available_parallelism().map_or(2, NonZeroUsize::get);
    if settings.workers == 0 { cores } else { settings.workers }
}

/// What every server has beside its own routes.
#[derive(Clone)]
struct Common {
    limit: BodyLimit,
    health: Health,
    metrics: PrometheusHandle,
    probes: Arc<[Probe]>,
    auth: Option<Auth>,
    describe: Describe,
    without_query: Data<WithoutQuery>,
}

impl Common {
    fn new(service: Service) -> Result<Self, BoxError> {
        let Service { settings, auth, checks, probes, describe, without_query, tasks, .. } = service;
        let limit = BodyLimit { bytes_max: settings.body_max_bytes, timeout: settings.read_timeout() };
        let (health, metrics) = (Health::new(checks, tasks), meters::record(NO_OWN_METERS)?);
        Ok(Self { limit, health, metrics, probes: probes.into(), auth, describe, without_query })
    }

    fn add_to(&self, config: &mut ServiceConfig) {
        if let Some(auth) = self.auth.clone() {
            config.app_data(Data::new(auth));
        }
        config
            .app_data(self.limit)
            .app_data(Data::new(self.health.clone()))
            .app_data(Data::new(self.metrics.clone()))
            .app_data(Data::from(Arc::new(Probes(Arc::clone(&self.probes)))))
            .app_data(self.without_query.clone())
            .app_data(Data::from(Arc::clone(&self.describe)))
            .configure(health::routes)
            .service(web::resource("/metrics").route(web::get().to(render)).route(web::head().to(render)))
            .service(web::resource("/docs").route(web::get().to(to_docs)).route(web::head().to(to_docs)))
            .service(web::resource("/openapi.json").route(web::get().to(openapi)).route(web::head().to(openapi)))
            .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("../openapi.json")))
            .default_service(web::to(nothing_here));
    }
}

impl Running {
    /// Serves until the process is asked to stop; then takes nothing new, finishes what runs, and ends the tasks. An
    /// error where it had to stop because it could not go on.
    pub async fn until_stopped(self) -> Result<(), BoxError> {
        let Self { handle, mut server, registration, tasks, grace, .. } = self;
        tokio::select! {
            ended = &mut server => {
                ended??;
                return Err("the server ended by itself".into());
            }
            () = tasks.stopping() => {
                // First nothing more is sent here, then nothing more is taken.
                if let Some(registration) = registration {
                    registration.leave().await;
                }
                handle.stop(true).await;
            }
        }
        server.await??;
        if !tasks.finish(grace).await {
            tracing::warn!("some background work did not end within {} s", grace.as_secs());
        }
        tasks.failure().map_or(Ok(()), |reason| Err(reason.to_owned().into()))
    }
}

/// What is measured when somebody asks.
struct Probes(Arc<[Probe]>);

async fn keep_up(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}

async fn render(metrics: Data<PrometheusHandle>, probes: Data<Probes>) -> HttpResponse {
    usage::measure();
    probes.0.iter().for_each(|probe| probe());
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(metrics.render())
}

async fn openapi(describe: Data<dyn Fn() -> Bytes + Send + Sync>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header((CACHE_CONTROL, "no-cache")).body(describe())
}

async fn to_docs() -> HttpResponse {
    HttpResponse::Found().insert_header(("location", "docs/")).finish()
}

async fn nothing_here() -> Result<HttpResponse, Failure> {
    Err(Failure::new(Kind::Missing, "not-found", "there is nothing here; /docs lists what there is"))
}
