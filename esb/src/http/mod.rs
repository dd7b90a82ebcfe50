//! The ESB's own operations, for operators; and the description of all that is behind it.

mod dead_letters;
mod openapi;
mod routes;
mod sagas;
mod services;

use actix_web::web::{self, ServiceConfig};

pub use openapi::{Description, openapi};
pub use routes::{RouteEntry, RunningRoutes};

/// Every path of our own.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource("/esb/routes").route(web::get().to(routes::list)))
        .service(web::resource("/esb/services").route(web::get().to(services::list)))
        .service(web::resource("/esb/sagas").route(web::get().to(sagas::list)))
        .service(web::resource("/esb/sagas/{id}").route(web::get().to(sagas::read)))
        .service(web::resource("/esb/sagas/{id}/retry").route(web::post().to(sagas::retry)))
        .configure(dead_letters::configure);
}
