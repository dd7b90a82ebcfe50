//! The HTTP face of the service: one file per operation.

mod access;
mod answer;
mod charge;
mod find;
mod ledger;
mod list;
mod refund;
mod transactions;
mod void;

use actix_web::web::{ServiceConfig, get, post, put, resource};
use utoipa::OpenApi;

/// Every path there is.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/payments").route(get().to(list::list)))
        .service(resource("/payments/{id}").route(get().to(find::find)).route(put().to(charge::charge)))
        .service(resource("/payments/{id}/void").route(post().to(void::void)))
        .service(resource("/payments/{id}/transactions").route(get().to(transactions::transactions)))
        .service(resource("/payments/{id}/refunds").route(post().to(refund::refund)))
        .service(resource("/sandbox/ledger").route(get().to(ledger::ledger)));
}

/// The description, as served at `/openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(title = "payment-service", description = "Takes money for orders, once each, and gives it back."),
    paths(
        list::list,
        find::find,
        charge::charge,
        void::void,
        transactions::transactions,
        refund::refund,
        ledger::ledger
    ),
    components(schemas(contracts::Problem, contracts::FieldError))
)]
struct Description;
