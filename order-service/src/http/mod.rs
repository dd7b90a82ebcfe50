//! The HTTP face of the service: one file per operation.

mod access;
mod answer;
mod orders;
mod products;

use actix_web::web::{ServiceConfig, get, patch, post, put, resource};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

/// Every path there is.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/products").route(get().to(products::list::list)).route(post().to(products::add::add)))
        .service(
            resource("/products/{id}").route(get().to(products::find::find)).route(patch().to(products::edit::edit)),
        )
        .service(resource("/products/{id}/stock").route(post().to(products::stock::stock)))
        .service(resource("/orders").route(get().to(orders::list::list)))
        .service(resource("/orders/{id}").route(get().to(orders::find::find)).route(put().to(orders::place::place)))
        .service(resource("/orders/{id}/confirm").route(post().to(orders::confirm::confirm)))
        .service(resource("/orders/{id}/cancel").route(post().to(orders::cancel::cancel)))
        .service(resource("/orders/{id}/ship").route(post().to(orders::ship::ship)))
        .service(resource("/orders/{id}/deliver").route(post().to(orders::deliver::deliver)));
}

/// The description of the service.
pub fn openapi() -> OpenApi {
    Description::openapi()
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "order-service", description = "Catalogue, stock and orders."),
    tags((name = "products"), (name = "orders")),
    modifiers(&Bearer),
    paths(
        products::list::list,
        products::add::add,
        products::find::find,
        products::edit::edit,
        products::stock::stock,
        orders::list::list,
        orders::find::find,
        orders::place::place,
        orders::confirm::confirm,
        orders::cancel::cancel,
        orders::ship::ship,
        orders::deliver::deliver,
    )
)]
struct Description;

/// Access tokens, as the operations name them.
struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, openapi: &mut OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        openapi.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}
