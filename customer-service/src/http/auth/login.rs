//! `POST /auth/login`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chassis::Failure;
use chassis::http::Json;
use contracts::{Login, Problem, Session};

use super::session::Reply;
use crate::domain::{CustomerError, Email, Identity, SignedIn};
use crate::http::told::told;
use crate::store::Store;

/// Signs in.
#[utoipa::path(
    post, path = "/auth/login", operation_id = "login", tag = "auth", security(()),
    request_body = Login,
    responses(
        (status = 200, body = Session),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "wrong credentials"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too many attempts"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "busy"),
    )
)]
pub(in crate::http) async fn login(
    request: HttpRequest,
    store: Data<Store>,
    identity: Data<Identity>,
    Json(wanted): Json<Login>,
) -> Result<HttpResponse, Failure> {
    let who = known(&store, &identity, &wanted).await;
    let outcome = if who.is_ok() { "ok" } else { "refused" };
    metrics::counter!("logins_total", "outcome" => outcome).increment(1);
    let who = who.map_err(told)?;
    let refresh = identity.tokens.new_refresh()?;
    store.open_session(who.customer.id, &refresh).await.map_err(told)?;
    tracing::info!(customer.id = %who.customer.id, "customer {} has signed in", who.customer.id);
    let reply = Reply { request: &request, response: HttpResponse::Ok(), delivery: wanted.refresh };
    Ok(reply.session(&identity.tokens, who, &refresh)?)
}

/// Who has this e-mail address and this password. An address that nobody can have is one that nobody has.
async fn known(store: &Store, identity: &Identity, wanted: &Login) -> Result<SignedIn, CustomerError> {
    let key = Email::parse(&wanted.email).map(|email| email.key()).unwrap_or_default();
    let found = store.account(&key).await?;
    let (who, stored) = found.unzip();
    identity.check(&key, &wanted.password, stored).await?;
    who.ok_or(CustomerError::WrongCredentials)
}
