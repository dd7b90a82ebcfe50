//! Replays of many.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::Failure;
use chassis::auth::Operator;
use chassis::http::{Cursor, IdPath, Json, Query, page_limit};
use chrono::{DateTime, Utc};
use contracts::{FieldError, Id, Page, PageQuery, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::replay::{Preview, Replay};
use super::{letters, page};
use crate::dead_letters::store::NewJob;
use crate::dead_letters::{DeadLetterError, DeadLetters, Filter, LetterState};

/// How many letters may be named.
const IDS_MAX: usize = 1_000;
/// How fast a replay may be asked to be.
const PER_SECOND_MAX: u32 = 10_000;
/// How many batches may be named.
const BATCHES_MAX: usize = 20;

/// What to replay, and how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReplay {
    /// All waiting dead letters that match; either this or `ids`.
    selection: Option<Selection>,
    /// These, as far as they wait; 1000 at most.
    ids: Option<Vec<Uuid>>,
    /// Only tells how many there are, and where they would go.
    dry_run: Option<bool>,
    /// So many messages a second, 1 to 10000; as fast as it goes where absent.
    #[schema(minimum = 1, maximum = 10000)]
    per_second: Option<u32>,
    /// Sizes of the batches, of which the last is repeated; where absent 1, 10, 100 and so on.
    batches: Option<Vec<u32>>,
    /// After each batch it waits a little, and goes no further where one could not be sent or came back.
    stop_on_failure: Option<bool>,
}

/// Which waiting dead letters; as in the list of them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selection {
    /// `waiting` or nothing: others can't be replayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<LetterState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<DateTime<Utc>>,
}

impl NewReplay {
    fn mistakes(&self) -> Vec<FieldError> {
        let state = self.selection.as_ref().and_then(|selection| selection.state);
        let ids = self.ids.as_ref().map_or(1, Vec::len);
        let batches = self.batches.as_deref().unwrap_or(&[1]);
        let rules = [
            (self.selection.is_some() != self.ids.is_some(), "", "wants either `selection` or `ids`"),
            (
                state.is_none_or(|state| state == LetterState::Waiting),
                "/selection/state",
                "only `waiting` ones can be replayed",
            ),
            ((1..=IDS_MAX).contains(&ids), "/ids", "must be 1 to 1000"),
            (
                self.per_second.is_none_or(|rate| (1..=PER_SECOND_MAX).contains(&rate)),
                "/per_second",
                "must be 1 to 10000",
            ),
            ((1..=BATCHES_MAX).contains(&batches.len()), "/batches", "must be 1 to 20"),
            (!batches.contains(&0), "/batches", "must be 1 at least, each of them"),
        ];
        let broken = rules.into_iter().filter(|(holds, ..)| !holds);
        broken.map(|(_, pointer, detail)| FieldError::new(pointer, detail)).collect()
    }

    fn filter(&self) -> Result<Filter, Failure> {
        let Some(selection) = self.selection.clone() else {
            return Ok(Filter { ids: self.ids.clone(), ..Filter::default() });
        };
        let text = letters::text(selection.text, "/selection/text")?;
        let Selection { route, reason, from, to, .. } = selection;
        Ok(Filter { state: None, route, reason, text, from, to, ids: None })
    }

    fn job(self, filter: Filter) -> NewJob {
        let selection = match &self.selection {
            Some(selection) => serde_json::json!(selection),
            None => serde_json::json!({"ids": self.ids}),
        };
        NewJob {
            id: Id::<Replay>::mint().uuid(),
            filter,
            selection,
            per_second: self.per_second,
            batches: self.batches.unwrap_or_default().into_iter().map(i64::from).collect(),
            stop_on_failure: self.stop_on_failure.unwrap_or_default(),
        }
    }
}

/// Replays all that match, in batches that grow, or tells what that would do.
#[utoipa::path(post, path = "/esb/replays", operation_id = "start_replay", tag = "esb", request_body = NewReplay, responses(
    (status = 200, body = Preview, description = "`dry_run`: how many, and where to"),
    (status = 201, body = Replay),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn start(
    Operator(caller): Operator,
    Json(wanted): Json<NewReplay>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    let mistakes = wanted.mistakes();
    if !mistakes.is_empty() {
        return Err(Failure::invalid(mistakes));
    }
    let filter = wanted.filter()?;
    if wanted.dry_run == Some(true) {
        let targets = letters.store().targets(&filter).await.map_err(DeadLetterError::from)?;
        let count = targets.iter().map(|target| target.count).sum();
        return Ok(HttpResponse::Ok().json(Preview { count, targets: targets.into_iter().map(Into::into).collect() }));
    }
    let job = letters.start_job(&wanted.job(filter), &letters.doer(caller.actor())).await?;
    let location = format!("/esb/replays/{}", job.id);
    Ok(HttpResponse::Created().insert_header(("location", location)).json(Replay::from(job)))
}

/// Replays of many, the youngest first.
#[utoipa::path(get, path = "/esb/replays", operation_id = "list_replays", tag = "esb", params(PageQuery), responses(
    (status = 200, body = Page<Replay>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: Operator,
    Query(query): Query<PageQuery>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(Cursor::read::<Uuid>).transpose()?;
    let mut found = letters.store().jobs(before, i64::from(limit) + 1).await.map_err(DeadLetterError::from)?;
    let next_cursor = page(&mut found, limit, |job| job.id)?;
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(Replay::from).collect(), next_cursor }))
}

/// A replay of many.
#[utoipa::path(get, path = "/esb/replays/{id}", operation_id = "read_replay", tag = "esb",
    params(("id" = contracts::Id<Replay>, Path, description = "the replay's id")),
    responses(
        (status = 200, body = Replay),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn read(
    _: Operator,
    IdPath(id): IdPath<Replay>,
    letters: Data<DeadLetters>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(Replay::from(letters.job(id.uuid()).await?)))
}
