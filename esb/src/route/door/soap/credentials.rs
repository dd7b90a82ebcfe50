//! Who asks: whoever has a token, or a machine client who shows its secret, by HTTP or in the envelope.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::{FromRequest, HttpRequest, dev};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chassis::auth::Caller;
use chassis::{Failure, Kind};

use super::fault::Trouble;
use super::{SoapDoor, UsernameToken};
use crate::endpoint::services::Silence;
use crate::policy::{Networks, Origin, Standing};
use crate::settings::Credentials;

/// What is shown.
#[derive(Debug)]
pub(super) enum Shown {
    Nothing,
    Token(String),
    Secret(Credentials),
}

/// Somebody, and the token that shows it.
pub(super) struct Sender {
    pub(super) token: Arc<str>,
    pub(super) caller: Caller,
    /// What the token was got with.
    pub(super) by: Option<Credentials>,
}

impl Shown {
    /// By one way at most.
    pub(super) fn find(request: &HttpRequest, sender: Option<Credentials>) -> Result<Self, Trouble> {
        let mut lines = request.headers().get_all(AUTHORIZATION);
        match (lines.next(), lines.next(), sender) {
            (None, _, None) => Ok(Self::Nothing),
            (None, _, Some(sender)) => Ok(Self::Secret(sender)),
            (Some(line), None, None) => Self::of(line),
            _ => {
                let detail = "you say more than once who you are: send one `Authorization`, or one UsernameToken";
                Err(Failure::new(Kind::Malformed, "ambiguous-credentials", detail).into())
            }
        }
    }

    fn of(line: &HeaderValue) -> Result<Self, Trouble> {
        let (scheme, shown) = line.to_str().ok().and_then(|line| line.split_once(' ')).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("basic") {
            return Ok(Self::Token(shown.trim().to_owned()));
        }
        let pair = STANDARD.decode(shown.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = pair.as_deref().and_then(|pair| pair.split_once(':')).ok_or_else(wrong)?;
        Ok(Self::Secret(Credentials { id: pair.0.to_owned(), secret: pair.1.into() }))
    }
}

impl SoapDoor {
    /// Who that is; nobody where nothing is shown.
    pub(super) async fn sender(
        &self,
        request: &HttpRequest,
        shown: Shown,
        (origin, standing): (Origin, &mut Option<Standing>),
    ) -> Result<Option<Sender>, Trouble> {
        let by = match shown {
            Shown::Nothing => return Ok(None),
            Shown::Token(token) => {
                let caller = Caller::from_request(request, &mut dev::Payload::None).into_inner()?;
                return Ok(Some(Sender { token: token.into(), caller, by: None }));
            }
            Shown::Secret(credentials) => credentials,
        };
        if by.id.is_empty() || by.id.contains(':') {
            return Err(wrong().into());
        }
        let token = if let Some(token) = self.machines.known(&by) {
            token
        } else {
            // Guessing here is as slow as guessing at `/auth/token`.
            let (counted, passed) = self.guesses.count(None, origin.client);
            *standing = Some(counted);
            passed?;
            self.machines.fetch(&by).await.map_err(|silence| unknown(&silence))?
        };
        let unknowable =
            |error| Failure::internal(Kind::Unavailable, "keys-unavailable", &std::io::Error::other(error));
        let Some(caller) = self.auth.check(&token).await.map_err(unknowable)? else {
            self.machines.forget(&by, &token);
            return Err(Failure::new(Kind::Unavailable, "unavailable", "your token is not good right now").into());
        };
        Ok(Some(Sender { token, caller, by: Some(by) }))
    }

    /// Whether a password in the envelope may have come this way.
    pub(super) fn check_way(
        &self,
        request: &HttpRequest,
        (origin, trusted): (Origin, &Networks),
    ) -> Result<(), Trouble> {
        let fine = match self.settings.username_token {
            UsernameToken::Always => true,
            UsernameToken::Never => false,
            UsernameToken::Trusted => is_safe(request, origin, trusted),
        };
        let detail = "a password in the envelope is taken by HTTPS only, or not at all: send HTTP's `Authorization`";
        if fine { Ok(()) } else { Err(Failure::new(Kind::Forbidden, "insecure-transport", detail).into()) }
    }
}

/// By HTTPS, as a proxy says whom we trust; or from nearby.
fn is_safe(request: &HttpRequest, origin: Origin, trusted: &Networks) -> bool {
    let mut protocols = request.headers().get_all("x-forwarded-proto").peekable();
    if !origin.trusted || protocols.peek().is_none() {
        return origin.client.is_loopback() || trusted.contains(origin.client);
    }
    protocols.all(|line| {
        let line = line.to_str().unwrap_or_default();
        line.split(',').all(|protocol| protocol.trim().eq_ignore_ascii_case("https"))
    })
}

fn wrong() -> Failure {
    let detail = "there is no machine client with this id and secret";
    Failure::new(Kind::Unauthorised, "wrong-credentials", detail)
}

fn unknown(silence: &Silence) -> Trouble {
    match silence {
        Silence::Credentials => wrong().into(),
        other => Failure::internal(Kind::Unavailable, "unavailable", other).into(),
    }
}
