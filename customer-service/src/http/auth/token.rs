//! `POST /auth/token`

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::web::{self, Data};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use chassis::Failure;
use chassis::http::{BodyLimit, read_body};
use serde::Serialize;
use utoipa::ToSchema;

use super::oauth::{Form, Refusal};
use crate::bootstrap::is_client_id;
use crate::domain::{ACTS_FOR_CLIENTS, Identity, granted, has_scope, lent};
use crate::store::Store;

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const CLIENT_ID: &str = "urn:ecommerce-soa:token-type:client-id";

/// A token for a machine client (RFC 6749 section 4.4).
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read leniently")]
pub(in crate::http) struct TokenRequest {
    /// `client_credentials`; or `urn:ietf:params:oauth:grant-type:token-exchange` (RFC 8693), by which a client with
    /// the scope `clients:act-for` gets a token in the name of another.
    grant_type: String,
    /// Some of the client's scopes, separated by spaces; all where absent.
    scope: Option<String>,
    /// Unless HTTP Basic says it.
    client_id: Option<String>,
    /// Unless HTTP Basic says it.
    client_secret: Option<String>,
    /// For a token exchange: the id of the machine client that the token is to be for.
    subject_token: Option<String>,
    /// For a token exchange: `urn:ecommerce-soa:token-type:client-id`.
    subject_token_type: Option<String>,
}

/// A token for a machine.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MachineToken {
    /// A JWT for `Authorization: Bearer`.
    access_token: String,
    /// `Bearer`.
    token_type: String,
    /// Seconds until it ends.
    expires_in: u32,
    /// What it allows, separated by spaces.
    scope: String,
    /// What an exchange has brought (RFC 8693 section 2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
}

/// An error of RFC 6749 section 5.2.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct OauthError {
    /// Such as `invalid_client`.
    error: String,
    /// For people.
    error_description: Option<String>,
}

/// An access token for a machine client, by its credentials.
#[utoipa::path(
    post, path = "/auth/token", operation_id = "token", tag = "auth", security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = MachineToken),
        (status = 400, body = OauthError),
        (status = 401, body = OauthError),
        (status = 503, body = OauthError),
    )
)]
pub(in crate::http) async fn token(
    request: HttpRequest,
    store: Data<Store>,
    identity: Data<Identity>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let limit = request.app_data::<BodyLimit>().copied().unwrap_or_default();
    let body = read_body(payload.into_inner(), limit).await?;
    let granted = grant(&request, &body, (&store, &identity)).await;
    let mut answer = granted.map_or_else(Refusal::answer, |token| HttpResponse::Ok().json(token));
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, actix_web::http::header::HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, actix_web::http::header::HeaderValue::from_static("no-cache"));
    Ok(answer)
}

async fn grant(
    request: &HttpRequest,
    body: &[u8],
    (store, identity): (&Store, &Identity),
) -> Result<MachineToken, Refusal> {
    let form = Form::parse(request.content_type(), body)?;
    let grant_type = form.grant_type.as_deref().ok_or(Refusal::Request("grant_type is missing"))?;
    let (id, secret) = form.credentials(request)?;
    let client = store.client(&id).await?;
    let (allowed, stored) = client.map(|client| (client.scope, client.secret_hash)).unzip();
    let right = identity.is_secret(secret, stored).await?;
    let allowed = allowed.filter(|_| right).ok_or(Refusal::Client)?;
    let (subject, allowed) = match grant_type {
        "client_credentials" => (id, allowed),
        TOKEN_EXCHANGE => acted_for(&form, &allowed, store).await?,
        _ => return Err(Refusal::GrantType),
    };
    let scope = granted(&allowed, form.scope.as_deref()).ok_or(Refusal::Scope)?;
    Ok(MachineToken {
        access_token: identity.tokens.for_client(&subject, scope.clone())?,
        issued_token_type: (grant_type == TOKEN_EXCHANGE).then_some(ACCESS_TOKEN),
        token_type: "Bearer".to_owned(),
        expires_in: identity.tokens.access_s(),
        scope,
    })
}

/// The client that another acts for, and what it may do by that.
async fn acted_for(form: &Form, allowed: &str, store: &Store) -> Result<(String, String), Refusal> {
    if !has_scope(allowed, ACTS_FOR_CLIENTS) {
        return Err(Refusal::Unauthorized);
    }
    if form.subject_token_type.as_deref() != Some(CLIENT_ID) {
        return Err(Refusal::Request("subject_token_type must be urn:ecommerce-soa:token-type:client-id"));
    }
    let subject = form.subject_token.as_deref().ok_or(Refusal::Request("subject_token is missing"))?;
    let client = if is_client_id(subject) { store.client(subject).await? } else { None };
    let client = client.ok_or(Refusal::Grant)?;
    Ok((client.id, lent(&client.scope)))
}
