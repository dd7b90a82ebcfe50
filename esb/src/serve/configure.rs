//! What handlers ask for, and the paths that lead to them.

use std::sync::Arc;

use actix_web::web::{self, Data, ServiceConfig};
use chassis::{BoxError, Tasks};

use super::settings::Settings;
use super::{Foundation, routes};
use crate::endpoint::broker::{Depths, Trials};
use crate::endpoint::http_out::Proxy;
use crate::http::{self, Sights};
use crate::registry::{Outside, Probes};
use crate::route::{Route, RouteFile, SoapDoor, door};

impl Foundation {
    pub(super) fn configure(
        self,
        settings: &Settings,
        soap: Arc<SoapDoor>,
    ) -> Result<impl Fn(&mut ServiceConfig) + Clone + Send + 'static, BoxError> {
        let (limits, spare) = (settings.upstream.clone(), Proxy::new(&settings.upstream, &self.traffic)?);
        let entry = |file: &RouteFile, route: Route| http::RouteEntry { file: file.name.clone(), route };
        let entries =
            self.files.iter().flat_map(|file| file.routes.iter().map(move |route| entry(file, route.clone())));
        let running = Arc::new(http::RunningRoutes::new(entries.collect()));
        let (sights, trials) = (Arc::new(self.sights(settings)?), Trials::new(self.broker.clone()));
        let (bus, registry) = (self.bus, self.registry);
        let (streaming, dead_letters) = (self.streaming, self.dead_letters);
        Ok(move |config: &mut ServiceConfig| {
            // One client for each thread: its connections are served where they are used.
            let proxy = Proxy::new(&limits, &sights.traffic).unwrap_or_else(|_| spare.clone());
            config
                .app_data(Data::from(Arc::clone(&bus)))
                .app_data(Data::new(bus.sagas.clone()))
                .app_data(Data::new(bus.messages.clone()))
                .app_data(Data::from(Arc::clone(&streaming)))
                .app_data(Data::new(registry.clone()))
                .app_data(Data::new(sights.probes.clone()))
                .app_data(Data::from(Arc::clone(&sights)))
                .app_data(Data::new(trials.clone()))
                .app_data(Data::new(dead_letters.clone()))
                .app_data(Data::new(Arc::clone(&running)))
                .app_data(Data::new(proxy))
                .app_data(Data::from(Arc::clone(&soap.logins)))
                .app_data(Data::from(Arc::clone(&soap)))
                .configure(http::configure)
                .configure(door::soap::configure)
                .default_service(web::to(door::http::take));
        })
    }

    /// What the console looks at.
    fn sights(&self, settings: &Settings) -> Result<Sights, BoxError> {
        Ok(Sights {
            traffic: self.traffic.clone(),
            depths: Depths::new(self.broker.clone(), routes::queues(&self.routes, settings)),
            probes: Probes::new(Outside::new(&settings.upstream)?),
            resolver: self.registry.resolver().clone(),
            store: self.store.clone(),
            broker: self.broker.clone(),
            routes: self.routes.iter().map(|ready| ready.route.clone()).collect(),
        })
    }

    /// How much is in use of what there is only so much of.
    pub(super) fn watch_gauges(&self, settings: &Settings, tasks: &Tasks) {
        let (store, sagas, seats) = (self.store.clone(), self.bus.sagas.clone(), self.streaming.seats.clone());
        self.traffic.watch("database", settings.database.max_connections, move || store.in_use());
        self.traffic.watch("sagas", settings.saga.in_flight_max, move || sagas.in_flight());
        self.traffic.watch("streams", settings.streams.max, move || seats.in_use());
        tasks.spawn_until_stop(self.traffic.clone().keep_looking());
    }
}
