//! `/esb/messages`: what has passed the bus of late.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{self, Data};
use chassis::auth::Operator;
use chassis::http::{Cursor, IdPath, Query, page_limit};
use chassis::{Failure, Kind};
use contracts::{Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::messages::{Door, Message, MessageSummary, Messages, Outcome, Search, Shelved};

/// Which messages.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MessageQuery {
    /// Only those of this route.
    route: Option<String>,
    /// Only those that came by this door.
    #[param(inline)]
    door: Option<Door>,
    /// Only those with this status.
    status: Option<u16>,
    /// Only those with this outcome.
    #[param(inline)]
    outcome: Option<Outcome>,
    /// Only those with this text in a body, the operation or the caller.
    text: Option<String>,
    /// Only those of this request.
    request_id: Option<String>,
    /// Only those of this trace: of a request and all that came of it.
    trace_id: Option<String>,
    /// How many items at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The last messages through this instance of the bus, the youngest first. They are kept in memory, as far as there is
/// room.
#[utoipa::path(get, path = "/esb/messages", operation_id = "list_messages", tag = "esb", params(MessageQuery),
    responses(
        (status = 200, body = Page<MessageSummary>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn list(
    _: Operator,
    Query(query): Query<MessageQuery>,
    messages: Data<Messages>,
) -> Result<HttpResponse, Failure> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let before = query.cursor.as_deref().map(Cursor::read::<u64>).transpose()?;
    let MessageQuery { route, door, status, outcome, text, request_id, trace_id, .. } = query;
    // One more than asked for tells whether there is a next page.
    let search = Search { route, door, status, outcome, request_id, trace_id, text, before, limit: limit + 1 };
    let mut found = off_thread(move || messages.search(&search)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more).map(|shelved| Cursor::write(&shelved.number));
    let next_cursor = last.transpose().map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
    let items = found.iter().map(|shelved| shelved.message.summary.clone()).collect();
    Ok(HttpResponse::Ok().json(Page::<MessageSummary> { items, next_cursor }))
}

/// A message, with its bodies as far as they are kept.
#[utoipa::path(get, path = "/esb/messages/{id}", operation_id = "read_message", tag = "esb",
    params(("id" = contracts::Id<Message>, Path, description = "the message's id")),
    responses(
        (status = 200, body = Message),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn read(
    _: Operator,
    IdPath(id): IdPath<Message>,
    messages: Data<Messages>,
) -> Result<HttpResponse, Failure> {
    let found: Option<Arc<Shelved>> = off_thread(move || messages.find(id)).await?;
    let gone = || Failure::new(Kind::Missing, "message-not-found", "no such message, or it had to make room");
    Ok(HttpResponse::Ok().json(&found.ok_or_else(gone)?.message))
}

/// There may be many to look through, and requests wait behind this one.
async fn off_thread<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    web::block(look).await.map_err(|error| Failure::internal(Kind::Bug, "internal", &error))
}
