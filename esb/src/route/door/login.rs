//! Machine clients who show their secret instead of a token, as old programs do: it is exchanged for a token of theirs,
//! which is kept by a digest of both.

use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chassis::auth::{Auth, Caller};
use chassis::{Failure, Kind};

use crate::endpoint::services::{Machines, Silence};
use crate::policy::{Limit, Origin, Standing};
use crate::settings::Credentials;

/// Exchanges secrets for tokens.
pub struct Logins {
    /// Tokens of those who were here before.
    pub machines: Machines,
    /// Whether they are who they are.
    pub auth: Auth,
    /// How often somebody may show a secret that is not known yet.
    pub guesses: Arc<Limit>,
}

/// Somebody whose secret is right, and the token that shows it to others.
pub(super) struct Known {
    pub(super) token: Arc<str>,
    pub(super) caller: Caller,
}

impl Logins {
    /// Who that is; an error where that is nobody, can't be found out now, or was tried too often. `standing` says how
    /// often may still be tried, where it was counted.
    pub(super) async fn login(
        &self,
        by: &Credentials,
        (origin, standing): (Origin, &mut Option<Standing>),
    ) -> Result<Known, Failure> {
        if by.id.is_empty() || by.id.contains(':') {
            return Err(wrong());
        }
        let token = if let Some(token) = self.machines.known(by) {
            token
        } else {
            // Guessing here is as slow as guessing at `/auth/token`.
            let (counted, passed) = self.guesses.count(None, origin.client);
            *standing = Some(counted);
            passed?;
            self.machines.fetch(by).await.map_err(|silence| unknown(&silence))?
        };
        let unknowable =
            |error| Failure::internal(Kind::Unavailable, "keys-unavailable", &std::io::Error::other(error));
        let Some(caller) = self.auth.check(&token).await.map_err(unknowable)? else {
            self.machines.forget(by, &token);
            return Err(Failure::new(Kind::Unavailable, "unavailable", "your token is not good right now"));
        };
        Ok(Known { token, caller })
    }
}

/// What HTTP's `Authorization` says by `Basic` (RFC 7617); `None` where it says something else.
pub(super) fn basic(line: &HeaderValue) -> Option<Result<Credentials, Failure>> {
    let (scheme, shown) = line.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD.decode(shown.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let credentials = pair.as_deref().and_then(|pair| pair.split_once(':'));
    let credentials = credentials.map(|(id, secret)| Credentials { id: id.to_owned(), secret: secret.into() });
    Some(credentials.ok_or_else(wrong))
}

fn wrong() -> Failure {
    let detail = "there is no machine client with this id and secret";
    Failure::new(Kind::Unauthorised, "wrong-credentials", detail)
}

fn unknown(silence: &Silence) -> Failure {
    match silence {
        Silence::Credentials => wrong(),
        other => Failure::internal(Kind::Unavailable, "unavailable", other),
    }
}
