//! `POST /auth/register`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chassis::Failure;
use chassis::http::Json;
use contracts::{Problem, Register, Session};

use super::session::Reply;
use crate::domain::{CustomerError, Identity, NewAccount, SignedIn};
use crate::http::told::told;
use crate::store::Store;

/// Opens an account and signs in.
#[utoipa::path(
    post, path = "/auth/register", operation_id = "register", tag = "auth", security(()),
    request_body = Register,
    responses(
        (status = 201, body = Session),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "e-mail taken"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "busy"),
    )
)]
pub(in crate::http) async fn register(
    request: HttpRequest,
    store: Data<Store>,
    identity: Data<Identity>,
    Json(wanted): Json<Register>,
) -> Result<HttpResponse, Failure> {
    let (account, password) = NewAccount::parse(&wanted)?;
    // The index decides; this spares the hash.
    if store.is_taken(&account.email).await.map_err(told)? {
        return Err(CustomerError::EmailTaken(account.email.as_str().to_owned()).into());
    }
    let hash = identity.passwords.hash(password).await.map_err(told)?;
    let refresh = identity.tokens.new_refresh()?;
    let customer = store.register(&account, &hash, Some(&refresh)).await.map_err(told)?;
    tracing::info!(customer.id = %customer.id, "customer {} has registered", customer.id);
    let reply = Reply { request: &request, response: HttpResponse::Created(), delivery: wanted.refresh };
    Ok(reply.session(&identity.tokens, SignedIn { customer, is_operator: false }, &refresh)?)
}
