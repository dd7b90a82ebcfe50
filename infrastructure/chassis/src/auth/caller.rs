//! The caller of a request, and what it may do.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use contracts::{Customer, Id};

use super::Claims;
use crate::{Failure, Kind};

/// Somebody whose token was checked. As an extractor it answers 401 where there is no good token; it must stand
/// before the body in a handler's arguments, so that authentication comes before validation.
#[derive(Debug, Clone)]
pub struct Caller(pub(super) Arc<Claims>);

/// What the check of a token came to; kept with the request.
#[derive(Debug, Clone)]
pub(super) enum Checked {
    Good(Caller),
    Bad,
    Unknowable,
}

impl Caller {
    /// A caller with these claims, which somebody has checked.
    pub fn new(claims: Claims) -> Self {
        Self(Arc::new(claims))
    }

    /// The claim `sub`: a customer's id, or a machine client's name.
    pub fn subject(&self) -> &str {
        &self.0.sub
    }

    /// When the token ends, in seconds since 1970.
    pub fn expires_at(&self) -> u64 {
        self.0.exp
    }

    /// Whether this is an operator.
    pub fn is_operator(&self) -> bool {
        self.has_role("operator")
    }

    /// Whether this is a person, with an account.
    pub fn has_role(&self, role: &str) -> bool {
        self.0.roles.iter().any(|one| one == role)
    }

    /// Whether this machine client may do that.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.0.scope.split_ascii_whitespace().any(|one| one == scope)
    }

    /// The customer that this is, if it is one.
    pub fn customer(&self) -> Option<Id<Customer>> {
        let person = !self.0.roles.is_empty();
        person.then(|| self.0.sub.parse().ok()).flatten()
    }

    /// Whether this is that very customer.
    pub fn is_customer(&self, id: Id<Customer>) -> bool {
        self.customer() == Some(id)
    }

    /// For the books: `customer:<id>`, `operator:<id>` or `client:<name>`.
    pub fn actor(&self) -> String {
        let kind = if self.is_operator() {
            "operator"
        } else if self.customer().is_some() {
            "customer"
        } else {
            "client"
        };
        format!("{kind}:{}", self.0.sub)
    }

    /// Says of a request that this is who asks, found out otherwise than by its token.
    pub fn came_with(self, request: &HttpRequest) {
        request.extensions_mut().insert(Checked::Good(self));
    }

    /// 403 unless this is an operator or has the scope.
    pub fn operator_or(&self, scope: &str) -> Result<(), Failure> {
        if self.is_operator() || self.has_scope(scope) { Ok(()) } else { Err(forbidden()) }
    }

    /// The answer to a caller who may not do this.
    pub fn forbidden(&self) -> Failure {
        forbidden()
    }
}

fn forbidden() -> Failure {
    Failure::new(Kind::Forbidden, "forbidden", "this is not for your role or scope")
}

/// Whether the token that came with the request was found good.
pub(crate) fn is_known(request: &ServiceRequest) -> bool {
    matches!(request.extensions().get::<Checked>(), Some(Checked::Good(_)))
}

fn find(request: &HttpRequest) -> Result<Caller, Failure> {
    match request.extensions().get::<Checked>() {
        Some(Checked::Good(caller)) => Ok(caller.clone()),
        Some(Checked::Bad) => {
            let challenge = r#"Bearer realm="ecommerce-soa", error="invalid_token""#;
            let detail = "the access token is not valid, or no longer: get a new one";
            Err(Failure::new(Kind::Unauthorised, "invalid-token", detail).challenge(challenge))
        }
        Some(Checked::Unknowable) => {
            let detail = "access tokens can't be checked right now; try again in a moment";
            Err(Failure::new(Kind::Unavailable, "keys-unavailable", detail)
                .retry_after(std::time::Duration::from_secs(2)))
        }
        None => {
            let detail = "this needs an access token: `Authorization: Bearer …`, from /auth/login or /auth/token";
            Err(Failure::new(Kind::Unauthorised, "authentication-required", detail))
        }
    }
}

impl FromRequest for Caller {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(find(request))
    }
}

/// A caller who is an operator; else 403.
#[derive(Debug, Clone)]
pub struct Operator(pub Caller);

impl FromRequest for Operator {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = find(request);
        ready(checked.and_then(|caller| if caller.is_operator() { Ok(Self(caller)) } else { Err(forbidden()) }))
    }
}

/// The bus itself, which runs sagas: a machine client with the scope `saga`; else 403.
#[derive(Debug, Clone)]
pub struct SagaClient(pub Caller);

impl FromRequest for SagaClient {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = find(request);
        ready(checked.and_then(|caller| if caller.has_scope("saga") { Ok(Self(caller)) } else { Err(forbidden()) }))
    }
}
