//! `/esb/sagas`: what runs, what is stuck, and how to set it going again or turn it back.

pub(super) mod actions;
mod detail;

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use chassis::auth::Operator;
use chassis::http::{Cursor, IdPath, Query, page_limit};
use chassis::{Failure, Fault, Kind};
use contracts::{Page, Problem, Saga, SagaState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::detail::SagaDetail;
use crate::endpoint::http_in;
use crate::policy::Formats;
use crate::route::mediation::speak;
use crate::route::once;
use crate::saga::{Engine, Filter, LogError, RetryError};

/// Up to how many sagas of a state are counted.
const COUNT_MAX: usize = 10_000;

/// Every path of theirs.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource("/esb/sagas").wrap(from_fn(speak)).route(web::get().to(list)))
        .service(web::resource("/esb/sagas/summary").route(web::get().to(summary)))
        .service(web::resource("/esb/sagas/{id}").wrap(from_fn(speak)).route(web::get().to(read)))
        .service(
            web::resource("/esb/sagas/{id}/cancel")
                .wrap(from_fn(once::<Operator>))
                .route(web::post().to(actions::cancel)),
        )
        .service(
            web::resource("/esb/sagas/{id}/retry")
                .wrap(from_fn(once::<Operator>))
                .wrap(from_fn(speak))
                .route(web::post().to(actions::retry)),
        );
}

/// How many sagas there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct SagaSummary {
    /// In each state.
    states: Vec<SagaCount>,
}

/// How many sagas are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct SagaCount {
    /// The state.
    state: SagaState,
    /// How many, as far as they were counted.
    count: usize,
    /// Whether there are more than were counted.
    more: bool,
}

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

/// How many sagas there are in each state. Counting stops at 10,000.
#[utoipa::path(get, path = "/esb/sagas/summary", operation_id = "summarise_sagas", tag = "esb", responses(
    (status = 200, body = SagaSummary),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn summary(_: Operator, sagas: Data<Engine>) -> Result<HttpResponse, Failure> {
    // One more than is told tells whether there are more.
    let counted = sagas.count(COUNT_MAX + 1).await?;
    let told = |(state, count): (SagaState, usize)| {
        let (more, count) = (count > COUNT_MAX, count.min(COUNT_MAX));
        SagaCount { state, count, more }
    };
    Ok(HttpResponse::Ok().json(SagaSummary { states: counted.into_iter().map(told).collect() }))
}

/// A saga, with what went in and what came out; XML has it without these.
#[utoipa::path(get, path = "/esb/sagas/{id}", operation_id = "read_saga", tag = "esb",
    extensions(("x-xml-answer" = json!("#/components/schemas/Saga"))),
    params(("id" = contracts::Id<Saga>, Path, description = "the saga's id")),
    responses(
        (status = 200, body = SagaDetail),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn read(
    _: Operator,
    IdPath(id): IdPath<Saga>,
    request: HttpRequest,
    sagas: Data<Engine>,
) -> Result<HttpResponse, Failure> {
    let record = sagas.get(id).await?.ok_or(RetryError::Missing)?;
    // What went in and out is of no fixed form, which XML could not have.
    if Formats::of_any_answer(&http_in::headers(&request)).is_xml() {
        return Ok(HttpResponse::Ok().json(Saga::from(&record)));
    }
    Ok(HttpResponse::Ok().json(SagaDetail::new(&record, &sagas)))
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
