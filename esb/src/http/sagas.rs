//! `/esb/sagas`: what runs, what is stuck, and how to set it going again.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chassis::auth::Operator;
use chassis::http::{Cursor, IdPath, Query, page_limit};
use chassis::{Failure, Fault, Kind};
use contracts::{Page, Problem, Saga, SagaState};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::saga::{Engine, Filter, LogError, RetryError};

/// Which sagas.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SagaQuery {
    /// Only those in this state.
    #[param(inline)]
    state: Option<SagaState>,
    /// Only the one about this, such as an order's id.
    subject: Option<Uuid>,
    /// How many items at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Sagas, the youngest first.
#[utoipa::path(get, path = "/esb/sagas", operation_id = "list_sagas", tag = "esb", params(SagaQuery), responses(
    (status = 200, body = Page<Saga>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: Operator,
    Query(query): Query<SagaQuery>,
    sagas: Data<Engine>,
) -> Result<HttpResponse, Failure> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let before = query.cursor.as_deref().map(Cursor::read::<Uuid>).transpose()?;
    // One more than asked for tells whether there is a next page.
    let filter = Filter { state: query.state, subject: query.subject, before, limit: limit + 1 };
    let mut records = sagas.list(&filter).await?;
    let more = records.len() > limit;
    records.truncate(limit);
    let last = records.last().filter(|_| more).map(|record| Cursor::write(&record.id));
    let next_cursor = last.transpose().map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
    let items = records.iter().map(Saga::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// A saga.
#[utoipa::path(get, path = "/esb/sagas/{id}", operation_id = "read_saga", tag = "esb",
    params(("id" = contracts::Id<Saga>, Path, description = "the saga's id")),
    responses(
        (status = 200, body = Saga),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn read(_: Operator, IdPath(id): IdPath<Saga>, sagas: Data<Engine>) -> Result<HttpResponse, Failure> {
    let record = sagas.get(id).await?.ok_or(RetryError::Missing)?;
    Ok(HttpResponse::Ok().json(Saga::from(&record)))
}

/// Sets a stuck saga going again, in the direction it was going.
#[utoipa::path(post, path = "/esb/sagas/{id}/retry", operation_id = "retry_saga", tag = "esb",
    params(("id" = contracts::Id<Saga>, Path, description = "the saga's id")),
    responses(
        (status = 200, body = Saga),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn retry(
    Operator(caller): Operator,
    IdPath(id): IdPath<Saga>,
    sagas: Data<Engine>,
) -> Result<HttpResponse, Failure> {
    let record = sagas.retry(id, &caller.actor()).await?;
    Ok(HttpResponse::Ok().json(Saga::from(&record)))
}

impl Fault for LogError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) => Kind::Unavailable,
            Self::Refused(_) | Self::Unreadable { .. } => Kind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Refused(_) | Self::Unreadable { .. } => "internal",
        }
    }
}

impl Fault for RetryError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::NotStuck => Kind::Conflict,
            Self::Log(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "saga-not-found",
            Self::NotStuck => "saga-not-stuck",
            Self::Log(error) => error.code(),
        }
    }
}
