//! The routes of the service, on one screen.

mod access;
mod addresses;
mod auth;
mod customers;
mod page;
mod told;

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig, delete, get, patch, post, resource};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::domain::Identity;
use crate::store::Store;

/// Adds the routes, which work with `store` and `identity`.
pub(crate) fn routes(config: &mut ServiceConfig, store: &Store, identity: &Arc<Identity>) {
    config
        .app_data(Data::new(store.clone()))
        .app_data(Data::from(Arc::clone(identity)))
        .service(resource("/auth/register").route(post().to(auth::register)))
        .service(resource("/auth/login").route(post().to(auth::login)))
        .service(resource("/auth/refresh").route(post().to(auth::refresh)))
        .service(resource("/auth/logout").route(post().to(auth::logout)))
        .service(resource("/auth/token").route(post().to(auth::token)))
        .service(resource("/.well-known/jwks.json").route(get().to(auth::jwks)))
        .service(resource("/customers").route(get().to(customers::search)))
        .service(resource("/customers/me").route(get().to(customers::me)))
        .service(
            resource("/customers/{id}")
                .route(get().to(customers::read))
                .route(patch().to(customers::change))
                .route(delete().to(customers::erase)),
        )
        .service(
            resource("/customers/{id}/addresses").route(get().to(addresses::list)).route(post().to(addresses::add)),
        )
        .service(
            resource("/customers/{id}/addresses/{address_id}")
                .route(get().to(addresses::read))
                .route(patch().to(addresses::change))
                .route(delete().to(addresses::remove)),
        );
}

/// The description of the service.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(title = "customer-service", description = "Accounts, authentication and profiles."),
    paths(
        auth::register::register,
        auth::login::login,
        auth::refresh::refresh,
        auth::logout::logout,
        auth::token::token,
        auth::jwks::jwks,
        customers::search::search,
        customers::read::me,
        customers::read::read,
        customers::change::change,
        customers::erase::erase,
        addresses::list::list,
        addresses::add::add,
        addresses::read::read,
        addresses::change::change,
        addresses::remove::remove,
    ),
    tags(
        (name = "auth", description = "Signing up, in and out"),
        (name = "customers", description = "Profiles"),
        (name = "addresses", description = "Address books"),
    ),
    modifiers(&Bearer)
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.bearer_format = Some("JWT".to_owned());
        openapi.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}
