//! Who may do what; each is an extractor, so that it is judged before the query string and the body are.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chassis::Failure;
use chassis::auth::Caller;
use contracts::{Customer, Id, Payment};

use crate::domain::PaymentError;

const READS_ALL: &str = "orders:place";
const RUNS_SAGAS: &str = "saga";
const REFUNDS: &str = "payments:refund";

/// Somebody who may read payments: all of them, or their own.
#[derive(Debug)]
pub(super) enum Reader {
    All,
    Own(Id<Customer>),
}

/// Somebody who may look at one payment: as [`Reader`], or the bus itself.
#[derive(Debug)]
pub(super) struct Viewer(Reader);

/// Somebody who may give money back.
#[derive(Debug)]
pub(super) struct Refunder(pub(super) Caller);

impl Reader {
    fn of(caller: &Caller) -> Result<Self, Failure> {
        match caller.customer() {
            _ if caller.operator_or(READS_ALL).is_ok() => Ok(Self::All),
            Some(customer) => Ok(Self::Own(customer)),
            None => Err(caller.forbidden()),
        }
    }
}

impl Viewer {
    fn of(caller: &Caller) -> Result<Self, Failure> {
        if caller.has_scope(RUNS_SAGAS) { Ok(Self(Reader::All)) } else { Reader::of(caller).map(Self) }
    }

    /// Another's payment looks like none.
    pub(super) fn may_see(&self, payment: &Payment) -> Result<(), PaymentError> {
        match self.0 {
            Reader::All => Ok(()),
            Reader::Own(customer) if customer == payment.customer_id => Ok(()),
            Reader::Own(_) => Err(PaymentError::Missing),
        }
    }
}

impl Refunder {
    fn of(caller: Caller) -> Result<Self, Failure> {
        caller.operator_or(REFUNDS).map(|()| Self(caller))
    }
}

fn judge<T>(request: &HttpRequest, judged: impl Fn(Caller) -> Result<T, Failure>) -> Ready<Result<T, Failure>> {
    let caller = Caller::from_request(request, &mut Payload::None).into_inner();
    ready(caller.and_then(judged))
}

impl FromRequest for Reader {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        judge(request, |caller| Self::of(&caller))
    }
}

impl FromRequest for Viewer {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        judge(request, |caller| Self::of(&caller))
    }
}

impl FromRequest for Refunder {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        judge(request, Self::of)
    }
}
