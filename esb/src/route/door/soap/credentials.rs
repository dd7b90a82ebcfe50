//! Who asks: whoever has a token, or a machine client who shows its secret, by HTTP or in the envelope.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::{FromRequest, HttpRequest, dev};
use chassis::auth::Caller;
use chassis::{Failure, Kind};

use super::fault::Trouble;
use super::{SoapDoor, UsernameToken};
use crate::policy::{Networks, Origin, Standing};
use crate::route::door::login::{Known, basic};
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
        if let Some(shown) = basic(line) {
            return Ok(Self::Secret(shown?));
        }
        let token = line.to_str().ok().and_then(|line| line.split_once(' ')).map_or("", |(_, token)| token.trim());
        Ok(Self::Token(token.to_owned()))
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
        let Known { token, caller } = self.logins.login(&by, (origin, standing)).await?;
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
