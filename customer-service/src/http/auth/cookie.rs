//! The cookie `refresh`: a refresh token that scripts can't read, sent to `/auth` only.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use contracts::RefreshDelivery;

use crate::domain::{RefreshToken, Tokens};

const NAME: &str = "refresh";
const PREFIX: &str = "x-forwarded-prefix";
const PREFIX_MAX: usize = 64;

/// The token in the request's cookie.
pub(super) fn read(request: &HttpRequest) -> Option<RefreshToken> {
    let cookie = request.cookie(NAME)?;
    Some(RefreshToken::new(cookie.value())).filter(|token| !token.expose().is_empty())
}

/// The cookie that gives `token`, if that is how it is wanted.
pub(super) fn give(
    request: &HttpRequest,
    delivery: Option<RefreshDelivery>,
    (tokens, token): (&Tokens, &RefreshToken),
) -> Option<Cookie<'static>> {
    let life = time::Duration::seconds(tokens.refresh_life().num_seconds());
    (delivery == Some(RefreshDelivery::Cookie)).then(|| cookie(request, token.expose().to_owned(), life))
}

/// The cookie that takes the token away.
pub(super) fn take_away(request: &HttpRequest) -> Cookie<'static> {
    cookie(request, String::new(), time::Duration::ZERO)
}

fn cookie(request: &HttpRequest, value: String, life: time::Duration) -> Cookie<'static> {
    let builder = Cookie::build(NAME, value).path(format!("{}/auth", prefix(request))).max_age(life);
    builder.http_only(true).secure(true).same_site(SameSite::Strict).finish()
}

/// What stands before our paths where the browser sees them. The bus passes the header on from trusted proxies only.
fn prefix(request: &HttpRequest) -> &str {
    let header = request.headers().get(PREFIX).and_then(|value| value.to_str().ok()).unwrap_or("");
    let prefix = header.trim_end_matches('/');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let good = prefix.starts_with('/') && !prefix.contains("//") && prefix.len() <= PREFIX_MAX;
    if good && prefix.bytes().all(plain) { prefix } else { "" }
}
