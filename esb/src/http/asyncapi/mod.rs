//! `GET /asyncapi.json`: what can be sent over the broker, and what is told there.

mod document;
mod words;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use bytes::Bytes;
use chassis::{Failure, Kind};

static DOCUMENT: LazyLock<Result<Bytes, words::Undescribed>> =
    LazyLock::new(|| Ok(Bytes::from(document::document()?.to_string())));

/// The messages of the bus, as `AsyncAPI` 3.0: the operations behind `esb_exchange`, and the events of `domain_events`.
#[utoipa::path(get, path = "/asyncapi.json", operation_id = "describe_messages", tag = "esb", responses(
    (status = 200, body = Object),
))]
pub(super) async fn describe() -> Result<HttpResponse, Failure> {
    let document = DOCUMENT.as_ref().map_err(|undescribed| Failure::internal(Kind::Bug, "internal", undescribed))?;
    let answer = HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(document.clone());
    Ok(answer)
}
