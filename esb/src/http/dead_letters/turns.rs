//! Pausing, resuming and cancelling a replay of many.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{IdPath, NoBody};
use contracts::Problem;

use super::replay::Replay;
use crate::dead_letters::DeadLetters;

/// From these states into that one.
type Turn = (&'static [&'static str], &'static str);

async fn turn(
    (letters, id): (&DeadLetters, IdPath<Replay>),
    turn: Turn,
    actor: String,
) -> Result<HttpResponse, Failure> {
    let job = letters.turn_job(id.0.uuid(), turn, &letters.doer(actor)).await?;
    Ok(HttpResponse::Ok().json(Replay::from(job)))
}

/// Lets a running replay rest; what is under way goes out.
#[utoipa::path(post, path = "/esb/replays/{id}/pause", operation_id = "pause_replay", tag = "esb",
    params(("id" = contracts::Id<Replay>, Path, description = "the replay's id")),
    responses(
        (status = 200, body = Replay),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn pause(
    Operator(caller): Operator,
    id: IdPath<Replay>,
    letters: Data<DeadLetters>,
    _: NoBody,
) -> Result<HttpResponse, Failure> {
    turn((&letters, id), (&["running"], "paused"), caller.actor()).await
}

/// Lets a paused replay go on.
#[utoipa::path(post, path = "/esb/replays/{id}/resume", operation_id = "resume_replay", tag = "esb",
    params(("id" = contracts::Id<Replay>, Path, description = "the replay's id")),
    responses(
        (status = 200, body = Replay),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn resume(
    Operator(caller): Operator,
    id: IdPath<Replay>,
    letters: Data<DeadLetters>,
    _: NoBody,
) -> Result<HttpResponse, Failure> {
    turn((&letters, id), (&["paused"], "running"), caller.actor()).await
}

/// Ends a replay for good.
#[utoipa::path(post, path = "/esb/replays/{id}/cancel", operation_id = "cancel_replay", tag = "esb",
    params(("id" = contracts::Id<Replay>, Path, description = "the replay's id")),
    responses(
        (status = 200, body = Replay),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn cancel(
    Operator(caller): Operator,
    id: IdPath<Replay>,
    letters: Data<DeadLetters>,
    _: NoBody,
) -> Result<HttpResponse, Failure> {
    turn((&letters, id), (&["running", "paused"], "stopped"), caller.actor()).await
}
