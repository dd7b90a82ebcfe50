//! Doing something about a dead letter, and who did.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{BodyLimit, Cursor, ETag, IdPath, Json, NoBody, Query, if_match, page_limit, read_body, read_json};
use contracts::{FieldError, Page, PageQuery, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::document::{AuditEntry, DeadLetter, Encoding};
use super::letters::show;
use super::page;
use super::replay::Replay;
use crate::dead_letters::{DeadLetterError, DeadLetters, LetterState, Sending};

/// How long a reason may be.
const REASON_MAX: usize = 500;

/// Who asks for a change of what, under which conditions.
type Asked = (Operator, IdPath<DeadLetter>, HttpRequest);

/// A mended body.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeadLetterChange {
    /// The new body.
    body: String,
    /// How it is written; where absent, as the old body is shown.
    body_encoding: Option<Encoding>,
}

/// Why a dead letter is given up.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Discard {
    /// For the record.
    reason: Option<String>,
}

/// Mends the body of a waiting dead letter; the old one is kept in its audit.
#[utoipa::path(patch, path = "/esb/dead-letters/{id}", operation_id = "edit_dead_letter", tag = "esb",
    request_body = DeadLetterChange,
    params(("id" = contracts::Id<DeadLetter>, Path, description = "the dead letter's id"),
        ("If-Match" = Option<String>, Header, description = "the `ETag` that you have read")),
    responses(
        (status = 200, body = DeadLetter),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn edit(
    asked: Asked,
    Json(change): Json<DeadLetterChange>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    let (Operator(caller), IdPath(id), request) = asked;
    let letter = letters.find(id.uuid()).await?;
    ETag(letter.version).check(if_match(&request).as_deref())?;
    if letter.state != LetterState::Waiting.name() {
        return Err(DeadLetterError::NotWaiting(letter.state).into());
    }
    let encoding = change.body_encoding.unwrap_or_else(|| Encoding::of(&letter.body));
    let body = encoding.decode(&change.body).ok_or_else(|| {
        let detail = "is not base64, as the old body is shown: send it so, or say `\"body_encoding\": \"utf-8\"`";
        Failure::invalid(vec![FieldError::new("/body", detail)])
    })?;
    letters.edit(&letter, body, &letters.doer(caller.actor())).await?;
    show(&letters, id.uuid()).await
}

/// Sends a waiting dead letter to where it came from, under the same `message_id`; 202 where the broker has not said yet
/// that it has it, and it is sent again until it does.
#[utoipa::path(post, path = "/esb/dead-letters/{id}/replay", operation_id = "replay_dead_letter", tag = "esb",
    params(("id" = contracts::Id<DeadLetter>, Path, description = "the dead letter's id")),
    responses(
        (status = 200, body = DeadLetter),
        (status = 202, body = DeadLetter),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn replay(
    Operator(caller): Operator,
    IdPath(id): IdPath<DeadLetter>,
    letters: Data<DeadLetters>,
    _: NoBody,
) -> Result<HttpResponse, Failure> {
    let sending = letters.replay(id.uuid(), &letters.doer(caller.actor())).await?;
    let mut answer = show(&letters, id.uuid()).await?;
    if sending == Sending::Open {
        *answer.status_mut() = actix_web::http::StatusCode::ACCEPTED;
    }
    Ok(answer)
}

/// Gives a waiting dead letter up.
#[utoipa::path(post, path = "/esb/dead-letters/{id}/discard", operation_id = "discard_dead_letter", tag = "esb",
    request_body = Discard,
    params(("id" = contracts::Id<DeadLetter>, Path, description = "the dead letter's id")),
    responses(
        (status = 200, body = DeadLetter),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn discard(
    Operator(caller): Operator,
    IdPath(id): IdPath<DeadLetter>,
    payload: Payload,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    let body = read_body(payload.into_inner(), BodyLimit::default()).await?;
    let Discard { reason } = if body.is_empty() { Discard::default() } else { read_json(&body)? };
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_MAX) {
        let error = FieldError::new("/reason", format!("must have {REASON_MAX} characters at most"));
        return Err(Failure::invalid(vec![error]));
    }
    letters.discard(id.uuid(), reason.as_deref(), &letters.doer(caller.actor())).await?;
    show(&letters, id.uuid()).await
}

/// What was done with a dead letter, and by whom, the oldest first.
#[utoipa::path(get, path = "/esb/dead-letters/{id}/audit", operation_id = "audit_dead_letter", tag = "esb",
    params(("id" = contracts::Id<DeadLetter>, Path, description = "the dead letter's id"), PageQuery),
    responses(
        (status = 200, body = Page<AuditEntry>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn audit(
    _: Operator,
    IdPath(id): IdPath<DeadLetter>,
    Query(query): Query<PageQuery>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    letters.find(id.uuid()).await?;
    entries(&letters, id.uuid(), &query).await
}

/// What was done with a replay, and by whom, the oldest first.
#[utoipa::path(get, path = "/esb/replays/{id}/audit", operation_id = "audit_replay", tag = "esb",
    params(("id" = contracts::Id<Replay>, Path, description = "the replay's id"), PageQuery),
    responses(
        (status = 200, body = Page<AuditEntry>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn job_audit(
    _: Operator,
    IdPath(id): IdPath<Replay>,
    Query(query): Query<PageQuery>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    letters.job(id.uuid()).await?;
    entries(&letters, id.uuid(), &query).await
}

async fn entries(letters: &DeadLetters, of: Uuid, query: &PageQuery) -> Result<HttpResponse, Failure> {
    let limit = page_limit(query.limit)?;
    let after = query.cursor.as_deref().map(Cursor::read::<Uuid>).transpose()?;
    let found = letters.store().audit(of, after, i64::from(limit) + 1).await;
    let mut found = found.map_err(DeadLetterError::from)?;
    let next_cursor = page(&mut found, limit, |action| action.id)?;
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(AuditEntry::from).collect(), next_cursor }))
}
