//! What operators do to sagas.

use actix_web::HttpResponse;
use actix_web::web::{Data, Payload};
use chassis::auth::Operator;
use chassis::http::{BodyLimit, IdPath, NoBody, read_body, read_json};
use chassis::{Failure, Fault, Kind};
use contracts::{FieldError, Problem, Saga};
use serde::Deserialize;
use utoipa::ToSchema;

use super::detail::SagaDetail;
use crate::saga::{CancelError, Doer, Engine, RetryError};

/// How long a reason may be.
const REASON_MAX: usize = 1000;

/// Why a saga is cancelled.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelSaga {
    /// In the operator's own words.
    #[schema(max_length = 1000)]
    #[serde(default)]
    reason: Option<String>,
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
pub(crate) async fn retry(
    Operator(caller): Operator,
    IdPath(id): IdPath<Saga>,
    sagas: Data<Engine>,
    _: NoBody,
) -> Result<HttpResponse, Failure> {
    let record = sagas.retry(id, Doer { by: &caller.actor(), reason: None }).await?;
    Ok(HttpResponse::Ok().json(Saga::from(&record)))
}

/// Turns a saga back that is before its point of no return: everything that may have been done is undone, by id. Its
/// caller is told `saga-cancelled`. One that turns back already is left to it.
#[utoipa::path(post, path = "/esb/sagas/{id}/cancel", operation_id = "cancel_saga", tag = "esb",
    params(("id" = contracts::Id<Saga>, Path, description = "the saga's id")),
    request_body = CancelSaga,
    responses(
        (status = 200, body = SagaDetail, description = "it is on its way back"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "it has settled, or is past its point of no return"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn cancel(
    Operator(caller): Operator,
    IdPath(id): IdPath<Saga>,
    payload: Payload,
    sagas: Data<Engine>,
) -> Result<HttpResponse, Failure> {
    let body = read_body(payload.into_inner(), BodyLimit::default()).await?;
    let CancelSaga { reason } = if body.is_empty() { CancelSaga::default() } else { read_json(&body)? };
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_MAX) {
        let error = FieldError::new("/reason", format!("must have {REASON_MAX} characters at most"));
        return Err(Failure::invalid(vec![error]));
    }
    let record = sagas.cancel(id, Doer { by: &caller.actor(), reason: reason.as_deref() }).await?;
    Ok(HttpResponse::Ok().json(SagaDetail::new(&record, &sagas)))
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

impl Fault for CancelError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Settled | Self::PastReturn | Self::Unknown(_) => Kind::Conflict,
            Self::Restless => Kind::Unavailable,
            Self::Log(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "saga-not-found",
            Self::Settled => "saga-settled",
            Self::PastReturn => "saga-past-return",
            Self::Unknown(_) => "saga-unreadable",
            Self::Restless => "busy",
            Self::Log(error) => error.code(),
        }
    }
}
