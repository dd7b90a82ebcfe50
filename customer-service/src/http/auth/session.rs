//! The answer to who has signed in.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use contracts::{RefreshDelivery, Session};

use super::cookie;
use crate::domain::{CustomerError, NewRefresh, SignedIn, Tokens};

/// How the answer goes out.
pub(super) struct Reply<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) response: HttpResponseBuilder,
    pub(super) delivery: Option<RefreshDelivery>,
}

impl Reply<'_> {
    /// A session of `who`, with `refresh` for the next one.
    pub(super) fn session(
        mut self,
        tokens: &Tokens,
        who: SignedIn,
        refresh: &NewRefresh,
    ) -> Result<HttpResponse, CustomerError> {
        let cookie = cookie::give(self.request, self.delivery, (tokens, &refresh.token));
        let session = Session {
            access_token: tokens.for_customer(&who)?,
            customer: who.customer,
            refresh_token: cookie.is_none().then(|| refresh.token.expose().to_owned()),
            token_type: "Bearer".to_owned(),
            expires_in: tokens.access_s(),
        };
        if let Some(cookie) = cookie {
            self.response.cookie(cookie);
        }
        Ok(self.response.json(session))
    }
}
