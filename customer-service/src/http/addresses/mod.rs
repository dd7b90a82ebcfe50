//! Address books.

pub(super) mod add;
pub(super) mod change;
pub(super) mod list;
pub(super) mod read;
pub(super) mod remove;

pub(super) use add::add;
pub(super) use change::change;
pub(super) use list::list;
pub(super) use read::read;
pub(super) use remove::remove;

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, HttpResponseBuilder};
use chassis::http::ETag;
use contracts::Address;

use crate::domain::Versioned;

fn answer(mut response: HttpResponseBuilder, address: &Versioned<Address>) -> HttpResponse {
    let tag = ETag(address.version).to_string();
    response.insert_header((ETAG, tag)).json(&address.document)
}
