//! Looking at dead letters.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{Cursor, ETag, IdPath, Query, page_limit};
use chrono::{DateTime, Utc};
use contracts::{FieldError, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::document::{DeadLetter, Summary};
use super::page;
use crate::dead_letters::{DeadLetterError, DeadLetters, Filter, LetterState};

/// Below this a search has nothing to go by.
const TEXT_MIN: usize = 3;

/// Which dead letters.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeadLetterQuery {
    /// Only those in this state.
    #[param(inline)]
    state: Option<LetterState>,
    /// Only those of this route.
    route: Option<String>,
    /// Only those for this reason.
    reason: Option<String>,
    /// Only those with this text, of 3 characters at least, in any case: in the routing key, the detail, the message or
    /// correlation id, the headers, or the first 3 KiB of the body.
    text: Option<String>,
    /// Only those that died at this time or later.
    from: Option<DateTime<Utc>>,
    /// Only those that died before this time.
    to: Option<DateTime<Utc>>,
    /// How many items at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The text, if it is one that can be looked for.
pub(super) fn text(text: Option<String>, pointer: &str) -> Result<Option<String>, Failure> {
    match text {
        Some(text) if text.chars().count() < TEXT_MIN => {
            let error = FieldError::new(pointer, format!("must have {TEXT_MIN} characters at least"));
            Err(Failure::invalid(vec![error]))
        }
        text => Ok(text),
    }
}

/// Dead letters, the youngest first.
#[utoipa::path(get, path = "/esb/dead-letters", operation_id = "list_dead_letters", tag = "esb", params(DeadLetterQuery),
    responses(
        (status = 200, body = Page<DeadLetter>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn list(
    _: Operator,
    Query(query): Query<DeadLetterQuery>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(Cursor::read::<Uuid>).transpose()?;
    let text = text(query.text, "/text")?;
    let DeadLetterQuery { state, route, reason, from, to, .. } = query;
    let filter = Filter { state, route, reason, text, from, to, ids: None };
    let found = letters.store().search(&filter, before, i64::from(limit) + 1).await;
    let mut found = found.map_err(DeadLetterError::from)?;
    let next_cursor = page(&mut found, limit, |letter| letter.id)?;
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(DeadLetter::from).collect(), next_cursor }))
}

/// How many dead letters there are, and why.
#[utoipa::path(get, path = "/esb/dead-letters/summary", operation_id = "summarise_dead_letters", tag = "esb", responses(
    (status = 200, body = Summary),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn summary(_: Operator, letters: Data<DeadLetters>) -> Result<HttpResponse, Failure> {
    let counts = letters.store().summary().await.map_err(DeadLetterError::from)?;
    Ok(HttpResponse::Ok().json(Summary { groups: counts.into_iter().map(Into::into).collect() }))
}

/// A dead letter, with all of its body.
#[utoipa::path(get, path = "/esb/dead-letters/{id}", operation_id = "read_dead_letter", tag = "esb",
    params(("id" = contracts::Id<DeadLetter>, Path, description = "the dead letter's id")),
    responses(
        (status = 200, body = DeadLetter),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn read(
    _: Operator,
    IdPath(id): IdPath<DeadLetter>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    show(&letters, id.uuid()).await
}

/// The letter as it is now.
pub(super) async fn show(letters: &DeadLetters, id: Uuid) -> Result<HttpResponse, Failure> {
    let letter = letters.find(id).await?;
    let returned_as = letters.store().returned(&letter).await.map_err(DeadLetterError::from)?;
    let tag = ETag(letter.version).to_string();
    let mut document = DeadLetter::from(letter);
    document.returned_as = returned_as;
    Ok(HttpResponse::Ok().insert_header(("etag", tag)).json(document))
}
