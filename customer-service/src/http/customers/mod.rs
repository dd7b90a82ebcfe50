//! Profiles.

pub(super) mod change;
pub(super) mod erase;
pub(super) mod read;
pub(super) mod search;

pub(super) use change::change;
pub(super) use erase::erase;
pub(super) use read::{me, read};
pub(super) use search::search;

use actix_web::HttpResponse;
use actix_web::http::header::ETAG;
use chassis::http::ETag;
use contracts::Customer;

use crate::domain::Versioned;

fn answer(customer: &Versioned<Customer>) -> HttpResponse {
    let tag = ETag(customer.version).to_string();
    HttpResponse::Ok().insert_header((ETAG, tag)).json(&customer.document)
}
