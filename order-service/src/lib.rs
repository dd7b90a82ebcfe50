//! Catalogue, stock and orders, on MySQL or MariaDB.
//!
//! Arrows point down: `http`, `messages` → `store` → `domain` → `contracts`. An order is priced and its stock reserved in one
//! transaction, which the store sends to the engine as one message (`store/engine/script.rs`).

mod domain;
mod http;
mod messages;
mod settings;
mod store;

pub use domain::OrderError;
pub use http::openapi;
pub use settings::{Catalogue, Database, Settings};
pub use store::{Recorded, Store, migrate};

use actix_web::web::Data;
use chassis::auth::{Auth, Keys};
use chassis::bus::Bus;
use chassis::{BoxError, Check, Client, Clock, Command, Running, Service, Tasks};

/// The name of the service and of its binary.
pub const NAME: &str = "order-service";
/// Every setting with its default.
pub const DEFAULTS: &str = include_str!("../settings.toml");
/// Every meter of its own.
pub const METERS: &str = include_str!("../meters.toml");

/// The life of the process: migrates, serves until it is asked to stop, and closes the store.
pub async fn run(settings: Settings, command: Command, tasks: Tasks) -> Result<(), BoxError> {
    if settings.database.migrate || command == Command::Migrate {
        migrate(&settings.database).await?;
    }
    if command == Command::Migrate {
        return Ok(());
    }
    let store = Store::new(&settings, Clock::real())?;
    if let Some(bus) = Bus::connect(&settings.broker, NAME, &tasks) {
        messages::start(&bus, &store, &tasks);
    }
    start(&settings, &tasks, store.clone())?.until_stopped().await?;
    store.close();
    Ok(())
}

/// A server on `settings.http.listen`, over a store that is migrated.
pub fn start(settings: &Settings, tasks: &Tasks, store: Store) -> Result<Running, BoxError> {
    let keys = Keys::at(settings.auth.jwks_url.clone(), Client::new(&settings.client)?);
    let auth = Auth::new(&settings.auth, keys, store.clock().clone());
    let (pinged, measured) = (store.clone(), store.clone());
    let check = Check::new("mysql", move || {
        let store = pinged.clone();
        async move { store.ping().await.map_err(BoxError::from) }
    });
    let data = Data::new(store);
    Service::new(&settings.http, &openapi(), tasks)?
        .registered(NAME, &settings.registry)
        .auth(auth)
        .check(check)
        .measured(move || measured.pool().measure())
        .start(move |config| http::routes(config.app_data(data.clone())))
}
