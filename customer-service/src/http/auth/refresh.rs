//! `POST /auth/refresh`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chassis::Failure;
use contracts::{Problem, RefreshRequest, Session};

use super::presented::Presented;
use super::session::Reply;
use crate::domain::Identity;
use crate::http::told::told;
use crate::store::Store;

/// A new session for a refresh token, which can't be used again: its second use ends all that came from it.
#[utoipa::path(
    post, path = "/auth/refresh", operation_id = "refresh", tag = "auth", security(()),
    params(("X-Requested-With" = Option<String>, Header, description = "wanted where the token is a cookie")),
    request_body = Option<RefreshRequest>,
    responses(
        (status = 200, body = Session),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "no X-Requested-With"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn refresh(
    request: HttpRequest,
    store: Data<Store>,
    identity: Data<Identity>,
    presented: Presented,
) -> Result<HttpResponse, Failure> {
    let next = identity.tokens.new_refresh()?;
    let who = store.rotate(&presented.token, &next).await.map_err(told)?;
    let reply = Reply { request: &request, response: HttpResponse::Ok(), delivery: Some(presented.delivery) };
    Ok(reply.session(&identity.tokens, who, &next)?)
}
