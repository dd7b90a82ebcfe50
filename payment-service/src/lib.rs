//! Takes money for orders, once each, and gives it back: payments, their logs, and the provider that moves the money.

pub mod cashier;
pub mod domain;
mod http;
mod messages;
pub mod provider;
pub mod settings;
pub mod store;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use chassis::auth::{Auth, Keys};
use chassis::bus::Bus;
use chassis::{BoxError, Check, Client, Clock, Command, Running, Service, Tasks};
use mongodb::Database;

use crate::cashier::Cashier;
use crate::provider::{InTime, Provider, Sandbox};
use crate::settings::Settings;
use crate::store::Payments;

pub use http::openapi;

/// The name of the service and of its binary.
pub const NAME: &str = "payment-service";

/// Every setting with its default.
pub const DEFAULTS: &str = include_str!("../settings.toml");
/// Every meter of its own.
pub const METERS: &str = include_str!("../meters.toml");

/// What a service is started with.
struct Parts {
    settings: Settings,
    tasks: Tasks,
    clock: Clock,
}

/// Prepares the store, and serves until the process is asked to stop.
pub async fn run(settings: Settings, command: Command, tasks: Tasks) -> Result<(), BoxError> {
    let database = store::open(&settings.database).await?;
    if command == Command::Migrate {
        return Ok(());
    }
    let parts = Parts { settings, tasks, clock: Clock::real() };
    let ended = serve(parts, &database, |sandbox| Arc::new(sandbox))?.until_stopped().await;
    database.client().clone().shutdown().immediate(true).await;
    ended
}

/// Prepares the store and starts to serve, with the sandbox as the provider.
pub async fn start(settings: Settings, tasks: Tasks, clock: Clock) -> Result<Running, BoxError> {
    start_with(settings, tasks, clock, |sandbox| Arc::new(sandbox)).await
}

/// Like [`start`], with the provider that `choose` makes of the sandbox.
pub async fn start_with(
    settings: Settings,
    tasks: Tasks,
    clock: Clock,
    choose: impl FnOnce(Sandbox) -> Arc<dyn Provider>,
) -> Result<Running, BoxError> {
    let database = store::open(&settings.database).await?;
    serve(Parts { settings, tasks, clock }, &database, choose)
}

fn serve(
    parts: Parts,
    database: &Database,
    choose: impl FnOnce(Sandbox) -> Arc<dyn Provider>,
) -> Result<Running, BoxError> {
    let Parts { settings, tasks, clock } = parts;
    let sandbox = Sandbox::new(database, clock.clone(), Duration::from_millis(settings.provider.latency_ms));
    let cashier = cashier(&settings, database, clock.clone(), choose(sandbox.clone()));
    if let Some(bus) = Bus::connect(&settings.broker, NAME, &tasks) {
        messages::start(&bus, &cashier, &tasks);
    }
    tasks.spawn_until_stop(cashier.clone().ask_again(Duration::from_millis(settings.ask_again.pause_ms)));
    let keys = Keys::at(settings.auth.jwks_url.clone(), Client::new(&settings.client)?);
    let engine = cashier.payments().clone();
    let auth = Auth::new(&settings.auth, keys, clock);
    let service = Service::new(&settings.http, &openapi(), &tasks)?
        .registered(NAME, &settings.registry)
        .auth(auth)
        .check(Check::new("mongodb", move || {
            let engine = engine.clone();
            async move { engine.ping().await }
        }));
    let connections_max = settings.database.max_connections;
    let service = service.measured(move || store::pool(connections_max).measure());
    let (cashier, sandbox) = (Data::new(cashier), Data::new(sandbox));
    service.start(move |config| {
        config.app_data(cashier.clone()).app_data(sandbox.clone()).configure(http::routes);
    })
}

/// A cashier with the payments in `database`, who asks `provider`.
pub fn cashier(settings: &Settings, database: &Database, clock: Clock, provider: Arc<dyn Provider>) -> Cashier {
    let payments = Payments::new(database, clock, settings.limits());
    let provider = InTime::new(provider, Duration::from_millis(settings.provider.timeout_ms));
    Cashier::new(payments, Arc::new(provider))
}
