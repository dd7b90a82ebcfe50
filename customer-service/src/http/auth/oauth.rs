//! Errors as RFC 6749 section 5.2 wants them, and what a client says about itself.

use actix_web::http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chassis::Kind;
use contracts::Password;
use serde::Deserialize;
use serde_json::json;

use crate::bootstrap::is_client_id;
use crate::domain::CustomerError;
use crate::http::told::told;

/// What went wrong with a request for a token.
#[derive(Debug)]
pub(super) enum Refusal {
    Request(&'static str),
    Client,
    GrantType,
    Scope,
    /// Who asks may not ask for that.
    Unauthorized,
    /// Nobody is known by that name.
    Grant,
    Service(CustomerError),
}

impl From<CustomerError> for Refusal {
    fn from(error: CustomerError) -> Self {
        Self::Service(error)
    }
}

impl Refusal {
    pub(super) fn answer(self) -> HttpResponse {
        let (mut response, code, description) = match self {
            Self::Request(why) => (HttpResponse::BadRequest(), "invalid_request", why),
            Self::GrantType => (
                HttpResponse::BadRequest(),
                "unsupported_grant_type",
                "only client_credentials and token-exchange are supported",
            ),
            Self::Unauthorized => {
                (HttpResponse::BadRequest(), "unauthorized_client", "this needs the scope clients:act-for")
            }
            Self::Grant => {
                (HttpResponse::BadRequest(), "invalid_grant", "no machine client has the id in subject_token")
            }
            Self::Scope => (HttpResponse::BadRequest(), "invalid_scope", "the client does not have all these scopes"),
            Self::Client => {
                let mut response = HttpResponse::Unauthorized();
                response.insert_header((WWW_AUTHENTICATE, r#"Basic realm="ecommerce-soa""#));
                (response, "invalid_client", "client_id or client_secret is wrong")
            }
            Self::Service(error) => return unable(error),
        };
        response.json(json!({"error": code, "error_description": description}))
    }
}

/// Section 5.2 has no code for our own trouble; those of the authorisation endpoint fit best.
fn unable(error: CustomerError) -> HttpResponse {
    // Making a failure of it logs what is not told.
    let failure = told(error);
    let mut response = HttpResponse::build(failure.status_code());
    if failure.kind() != Kind::Unavailable {
        return response.json(json!({"error": "server_error"}));
    }
    response.insert_header((RETRY_AFTER, 1));
    response.json(json!({"error": "temporarily_unavailable"}))
}

/// The form; what else it holds is ignored, as section 3.2 wants.
#[derive(Deserialize)]
pub(super) struct Form {
    pub(super) grant_type: Option<String>,
    pub(super) scope: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    pub(super) subject_token: Option<String>,
    pub(super) subject_token_type: Option<String>,
}

impl Form {
    /// The form in a body of the type `content_type`.
    pub(super) fn parse(content_type: &str, body: &[u8]) -> Result<Self, Refusal> {
        let wrong = || Refusal::Request("the body must be a form: application/x-www-form-urlencoded");
        if !content_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(wrong());
        }
        let text = std::str::from_utf8(body).map_err(|_not_text| wrong())?;
        let form = Query::<Self>::from_query(text).map_err(|_twice| Refusal::Request("a parameter is sent twice"))?;
        Ok(form.into_inner())
    }

    /// Who the client says it is: in the header or in the form, not both.
    pub(super) fn credentials(&self, request: &HttpRequest) -> Result<(String, Password), Refusal> {
        let header = request.headers().get(AUTHORIZATION);
        let (id, secret) = match (header, &self.client_id, &self.client_secret) {
            (Some(_), _, Some(_)) => return Err(Refusal::Request("credentials are sent twice: header and form")),
            (Some(header), named, None) => {
                let (id, secret) = header.to_str().ok().and_then(basic).ok_or(Refusal::Client)?;
                if named.as_ref().is_some_and(|named| *named != id) {
                    return Err(Refusal::Request("header and form name two clients"));
                }
                (id, secret)
            }
            (None, Some(id), Some(secret)) => (id.clone(), secret.clone()),
            (None, _, _) => return Err(Refusal::Client),
        };
        if is_client_id(&id) { Ok((id, Password::new(secret))) } else { Err(Refusal::Client) }
    }
}

/// Name and secret in `Basic …`.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let bytes = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((percent_decoded(id)?, percent_decoded(secret)?))
}

/// Names and secrets come percent-encoded (section 2.3.1) or, from most clients, as they are; none holds a `%`.
fn percent_decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_encoded_or_plain() {
        let header = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic(&header("shop:a+b/c=:d")), pair("shop", "a+b/c=:d"));
        assert_eq!(basic(&header("shop:a%2Bb%2fc")), pair("shop", "a+b/c"));
        for text in ["shop", "shop:a%2", "shop:a%zz"] {
            assert_eq!(basic(&header(text)), None, "{text}");
        }
        assert_eq!(basic("Bearer abc"), None);
        assert_eq!(basic("Basic !"), None);
    }
}
