//! `POST /auth/logout`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chassis::Failure;
use contracts::{Problem, RefreshDelivery, RefreshRequest};

use super::cookie;
use super::presented::Presented;
use crate::http::told::told;
use crate::store::Store;

/// Ends the session that a refresh token belongs to.
#[utoipa::path(
    post, path = "/auth/logout", operation_id = "logout", tag = "auth", security(()),
    params(("X-Requested-With" = Option<String>, Header, description = "wanted where the token is a cookie")),
    request_body = Option<RefreshRequest>,
    responses(
        (status = 204, description = "signed out, or signed out before"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "no refresh token"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "no X-Requested-With"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn logout(
    request: HttpRequest,
    store: Data<Store>,
    presented: Presented,
) -> Result<HttpResponse, Failure> {
    store.revoke(&presented.token).await.map_err(told)?;
    let mut response = HttpResponse::NoContent();
    if presented.delivery == RefreshDelivery::Cookie {
        response.cookie(cookie::take_away(&request));
    }
    Ok(response.finish())
}
