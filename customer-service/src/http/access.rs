//! Who may do what with which customer, decided before the body is read: one's own, or any for an operator; another's
//! looks as if it were not there.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chassis::auth::Caller;
use chassis::http::{ETag, IdPath, if_match};
use chassis::{Failure, Kind};
use contracts::{Address, Customer, Id};

const READ: &str = "customers:read";

/// The customer in the path, whom the caller may read.
pub(super) struct Readable(pub(super) Id<Customer>);

/// The customer in the path, whom the caller may change.
pub(super) struct Changeable(pub(super) Id<Customer>);

/// The entry of an address book in the path, which the caller may read and change.
pub(super) struct Entry(pub(super) Id<Customer>, pub(super) Id<Address>);

/// A caller who may look for customers.
pub(super) struct Searcher;

/// The versions that `If-Match` names.
pub(super) struct Versions(Option<Vec<i64>>);

impl Versions {
    /// `None` where any will do.
    pub(super) fn wanted(&self) -> Option<&[i64]> {
        self.0.as_deref()
    }
}

fn admit(request: &HttpRequest, scope: Option<&str>) -> Result<Id<Customer>, Failure> {
    let mut nothing = Payload::None;
    let caller = Caller::from_request(request, &mut nothing).into_inner()?;
    let id = IdPath::<Customer>::from_request(request, &mut nothing).into_inner().map(|IdPath(id)| id);
    if caller.is_operator() || scope.is_some_and(|scope| caller.has_scope(scope)) {
        return id;
    }
    let own = caller.customer().ok_or_else(|| caller.forbidden())?;
    id.and_then(|id| if id == own { Ok(id) } else { Err(missing()) })
}

fn missing() -> Failure {
    Failure::new(Kind::Missing, "not-found", "there is nothing with this id")
}

impl FromRequest for Readable {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit(request, Some(READ)).map(Self))
    }
}

impl FromRequest for Changeable {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit(request, None).map(Self))
    }
}

impl FromRequest for Entry {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let address = || request.match_info().get("address_id").and_then(|text| text.parse().ok()).ok_or_else(missing);
        ready(admit(request, None).and_then(|customer| Ok(Self(customer, address()?))))
    }
}

impl FromRequest for Searcher {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload).into_inner();
        ready(caller.and_then(|caller| caller.operator_or(READ)).map(|()| Self))
    }
}

impl FromRequest for Versions {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let tags = if_match(request);
        ready(Ok(Self(tags.map(|tags| tags.into_iter().map(|ETag(version)| version).collect()))))
    }
}
