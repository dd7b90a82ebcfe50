//! The refresh token that a request brings: in its body, or as the cookie.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chassis::http::{BodyLimit, Json, read_body};
use chassis::{Failure, Kind};
use contracts::{RefreshDelivery, RefreshRequest};
use futures_util::{FutureExt, StreamExt, stream};

use super::cookie;
use crate::domain::RefreshToken;

/// A token, and the way it came.
pub(in crate::http) struct Presented {
    pub(super) token: RefreshToken,
    pub(super) delivery: RefreshDelivery,
}

impl FromRequest for Presented {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let body = read(&request, payload).await?;
            match body.refresh_token {
                Some(token) => Ok(Self { token: RefreshToken::new(token), delivery: RefreshDelivery::Body }),
                None => from_cookie(&request),
            }
        }
        .boxed_local()
    }
}

/// The body, which may be empty, and then needs no content type.
async fn read(request: &HttpRequest, payload: Payload) -> Result<RefreshRequest, Failure> {
    let limit = request.app_data::<BodyLimit>().copied().unwrap_or_default();
    let bytes = read_body(payload, limit).await?;
    if bytes.is_empty() {
        return Ok(RefreshRequest::default());
    }
    let mut payload = Payload::from(stream::once(std::future::ready(Ok(bytes))).boxed_local());
    Json::<RefreshRequest>::from_request(request, &mut payload).await.map(|Json(body)| body)
}

fn from_cookie(request: &HttpRequest) -> Result<Presented, Failure> {
    let token = cookie::read(request).ok_or_else(|| {
        let detail = "this needs a refresh token: as `refresh_token` in the body, or as the cookie `refresh`";
        Failure::new(Kind::Unauthorised, "authentication-required", detail)
    })?;
    // A form on a foreign page can send the cookie, but not this header.
    if !request.headers().contains_key("x-requested-with") {
        let detail = "with the cookie `refresh` the header `X-Requested-With` must be sent, with any value";
        return Err(Failure::new(Kind::Forbidden, "header-required", detail));
    }
    Ok(Presented { token, delivery: RefreshDelivery::Cookie })
}
