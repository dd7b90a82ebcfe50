//! `/registry` and `/esb/services`: who is behind the bus, and where.

pub(super) mod listing;
pub(super) mod taking;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, HttpRequest};
use chassis::Failure;
use chassis::auth::Caller;

use crate::route::mediation::speak;
use crate::route::once;

/// Every path of theirs.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/registry/register")
                .wrap(from_fn(once::<RegistryClient>))
                .wrap(from_fn(speak))
                .route(web::post().to(taking::register)),
        )
        .service(
            web::resource("/registry/discover/{name}").wrap(from_fn(speak)).route(web::get().to(listing::discover)),
        )
        .service(web::resource("/registry/services").wrap(from_fn(speak)).route(web::get().to(listing::registered)))
        .service(
            web::resource("/registry/services/{name}/{instance}")
                .wrap(from_fn(speak))
                .route(web::delete().to(taking::remove)),
        )
        .service(web::resource("/esb/services").wrap(from_fn(speak)).route(web::get().to(listing::services)));
}

/// A machine client with the scope `registry`; else 403, before the body is looked at.
#[derive(Debug, Clone)]
pub(super) struct RegistryClient(Caller);

impl FromRequest for RegistryClient {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let found = Caller::from_request(request, payload).into_inner();
        let may =
            |caller: Caller| if caller.has_scope("registry") { Ok(Self(caller)) } else { Err(caller.forbidden()) };
        ready(found.and_then(may))
    }
}
