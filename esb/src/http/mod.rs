//! The ESB's own operations, for operators; and the description of all that is behind it.

mod asyncapi;
mod console;
mod dead_letters;
mod messages;
mod openapi;
mod order_events;
mod registry;
mod sagas;
mod schemas;
mod stream;
mod streaming;

use actix_web::web::{self, ServiceConfig};

pub use console::{RouteEntry, RunningRoutes, Sights};
pub use openapi::{Description, openapi};
pub use streaming::Streaming;

/// Every path of our own.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource("/esb/messages").route(web::get().to(messages::list)))
        .service(web::resource("/esb/messages/{id}").route(web::get().to(messages::read)))
        .service(web::resource("/esb/stream").route(web::get().to(stream::watch)))
        .service(web::resource("/orders/{id}/events").route(web::get().to(order_events::watch)))
        .service(
            web::resource("/schemas/{name}.xsd")
                .route(web::get().to(schemas::read))
                .route(web::head().to(schemas::read)),
        )
        .service(
            web::resource("/asyncapi.json")
                .route(web::get().to(asyncapi::describe))
                .route(web::head().to(asyncapi::describe)),
        )
        .configure(console::configure)
        .configure(dead_letters::configure)
        .configure(registry::configure)
        .configure(sagas::configure);
}
