//! Customers: who they are, how they sign in, and where their parcels go. Every access token of the product is signed
//! here; the others check them with the keys that this service publishes.

mod bootstrap;
mod domain;
mod http;
mod settings;
mod store;
mod upkeep;

use std::sync::Arc;

use chassis::auth::{Auth, Keys};
use chassis::bus::{Bus, relay};
use chassis::{BoxError, Check, Clock, Command, Running, Service, Tasks};

use domain::Identity;
use store::Store;

pub use http::openapi;
pub use settings::{Bootstrap, Database, Logins, Passwords, Settings, Tokens};

/// The name of the service, and of its binary.
pub const NAME: &str = "customer-service";
/// Every setting, with its default.
pub const DEFAULTS: &str = include_str!("../settings.toml");
/// Every meter of its own.
pub const METERS: &str = include_str!("../meters.toml");

/// The whole life of the service.
pub async fn run(settings: Settings, command: Command, tasks: Tasks) -> Result<(), BoxError> {
    if command == Command::Migrate {
        return store::migrate(&settings.database).await;
    }
    start(settings, tasks, Clock::real()).await?.until_stopped().await
}

/// Brings the store up to date and starts to serve.
pub async fn start(settings: Settings, tasks: Tasks, clock: Clock) -> Result<Running, BoxError> {
    if settings.database.migrate {
        store::migrate(&settings.database).await?;
    }
    let store = Store::connect(&settings.database, clock.clone())?;
    store.awaited().await?;
    let keys = Keys::own();
    let identity = Arc::new(Identity::new(&settings, keys.clone(), clock.clone()).await?);
    upkeep::renew_keys(&store, &identity, upkeep::age_max(&settings.tokens)).await?;
    bootstrap::run(&settings.bootstrap, &store, &identity).await?;
    if let Some(bus) = Bus::connect(&settings.broker, NAME, &tasks) {
        relay(Arc::new(store.clone()), bus, &tasks);
    }
    upkeep::start(&tasks, &settings.tokens, (store.clone(), Arc::clone(&identity)));
    let auth = Auth::new(&settings.auth, keys, clock);
    let (pinged, measured) = (store.clone(), store.clone());
    Service::new(&settings.http, &openapi(), &tasks)?
        .registered(NAME, &settings.registry)
        .auth(auth)
        .measured(move || measured.pool().measure())
        .check(Check::new("postgresql", move || {
            let store = pinged.clone();
            async move { Ok(store.ping().await?) }
        }))
        .start(move |config| http::routes(config, &store, &identity))
}
