//! The HTTP face of the service: one file per operation.

mod access;
mod answer;
mod orders;
mod products;

use actix_web::web::{ServiceConfig, get, patch, post, put};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

/// Every path there is.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/products", get().to(products::list::list))
        .route("/products", post().to(products::add::add))
        .route("/products/{id}", get().to(products::find::find))
        .route("/products/{id}", patch().to(products::edit::edit))
        .route("/products/{id}/stock", post().to(products::stock::stock))
        .route("/orders", get().to(orders::list::list))
        .route("/orders/{id}", get().to(orders::find::find))
        .route("/orders/{id}", put().to(orders::place::place))
        .route("/orders/{id}/confirm", post().to(orders::confirm::confirm))
        .route("/orders/{id}/cancel", post().to(orders::cancel::cancel))
        .route("/orders/{id}/ship", post().to(orders::ship::ship))
        .route("/orders/{id}/deliver", post().to(orders::deliver::deliver));
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
