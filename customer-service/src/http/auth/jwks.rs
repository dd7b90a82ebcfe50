//! `GET /.well-known/jwks.json`

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;

use crate::domain::Identity;

/// The public keys, as RFC 7517 has them.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", operation_id = "jwks", tag = "auth", security(()),
    responses((status = 200, body = Object, content_type = "application/json"))
)]
pub(in crate::http) async fn jwks(identity: Data<Identity>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "public, max-age=300"));
    response.json(identity.tokens.published())
}
