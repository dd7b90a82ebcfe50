//! The whole error story: what went wrong, how it is told, and to whom.

use std::error::Error;
use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use contracts::{FieldError, Problem};

use crate::Context;

/// Any error, with its chain.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// An error of the domain, as the chassis needs to know it.
pub trait Fault: Error + Send + Sync + 'static {
    /// Who must act.
    fn kind(&self) -> Kind;

    /// Kebab-case: `email-taken` becomes `urn:problem:email-taken`.
    fn code(&self) -> &'static str;

    /// For validation: each place that is wrong.
    fn errors(&self) -> Vec<FieldError> {
        Vec::new()
    }
}

/// What kind of thing went wrong; it decides the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 400: can't be parsed.
    Malformed,
    /// 401: who are you?
    Unauthorised,
    /// 402: the provider said no.
    Declined,
    /// 403: not for you.
    Forbidden,
    /// 404: no such thing.
    Missing,
    /// 405: not with this method.
    MethodNotAllowed,
    /// 406: not in this format.
    NotAcceptable,
    /// 408: took too long to ask.
    TooSlow,
    /// 409: not as things stand.
    Conflict,
    /// 412: it has changed meanwhile.
    Stale,
    /// 413: too large.
    TooLarge,
    /// 414: the address is too long.
    UriTooLong,
    /// 415: not a format that is understood.
    UnsupportedMedia,
    /// 422: understood, but wrong.
    Invalid,
    /// 429: too often.
    TooMany,
    /// 431: the headers are too large.
    HeadersTooLarge,
    /// 500: our mistake.
    Bug,
    /// 502: the service behind answered nonsense.
    BadGateway,
    /// 503: not now.
    Unavailable,
    /// 504: the service behind took too long.
    GatewayTimeout,
}

impl Kind {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthorised => 401,
            Self::Declined => 402,
            Self::Forbidden => 403,
            Self::Missing => 404,
            Self::MethodNotAllowed => 405,
            Self::NotAcceptable => 406,
            Self::TooSlow => 408,
            Self::Conflict => 409,
            Self::Stale => 412,
            Self::TooLarge => 413,
            Self::UriTooLong => 414,
            Self::UnsupportedMedia => 415,
            Self::Invalid => 422,
            Self::TooMany => 429,
            Self::HeadersTooLarge => 431,
            Self::Bug => 500,
            Self::BadGateway => 502,
            Self::Unavailable => 503,
            Self::GatewayTimeout => 504,
        }
    }

    const fn is_ours(self) -> bool {
        self.status() >= 500
    }
}

/// An error on its way out: it answers as `application/problem+json`.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    place: Option<(u32, u32)>,
    retry_after: Option<Duration>,
    challenge: Option<&'static str>,
}

impl Failure {
    /// A failure that the caller can do something about; `detail` says what.
    pub fn new(kind: Kind, code: &'static str, detail: impl Into<String>) -> Self {
        let challenge = (kind == Kind::Unauthorised).then_some(r#"Bearer realm="ecommerce-soa""#);
        Self { kind, code, detail: detail.into(), errors: Vec::new(), place: None, retry_after: None, challenge }
    }

    /// A failure that only we can do something about: logged with its chain here, and told without it.
    pub fn internal(kind: Kind, code: &'static str, cause: &(dyn Error + 'static)) -> Self {
        tracing::error!(error.code = code, error.chain = chain(cause), "a request failed: {}", chain(cause));
        let detail = match kind {
            Kind::Bug => "something went wrong on our side; it is recorded under this request's id",
            Kind::BadGateway => "a service behind this one gave an answer that makes no sense; try again",
            Kind::GatewayTimeout => "a service behind this one took too long; try again",
            _ => "this can't be done right now; try again in a moment",
        };
        let failure = Self::new(kind, code, detail);
        if kind == Kind::Unavailable { failure.retry_after(Duration::from_secs(1)) } else { failure }
    }

    /// 422 with the places that are wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect::<Vec<_>>();
        Self { errors, ..Self::new(Kind::Invalid, "invalid-request", detail.join("; ")) }
    }

    /// With the places that are wrong.
    #[must_use]
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }

    /// With the line and column, from 1, where the document breaks.
    #[must_use]
    pub fn at(self, line: usize, column: usize) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { place: Some((number(line), number(column))), ..self }
    }

    /// With `Retry-After`, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// With another `WWW-Authenticate`.
    #[must_use]
    pub fn challenge(self, challenge: &'static str) -> Self {
        Self { challenge: Some(challenge), ..self }
    }

    /// What kind of failure it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// As it goes out, for the request that this code runs for.
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.code, self.kind.status(), &title(self.code), self.detail.clone());
        problem.errors.clone_from(&self.errors);
        problem.instance = Context::current_request_id();
        (problem.line, problem.column) = self.place.unzip();
        problem
    }
}

impl<E: Fault> From<E> for Failure {
    fn from(fault: E) -> Self {
        if fault.kind().is_ours() {
            return Self::internal(fault.kind(), fault.code(), &fault);
        }
        Self::new(fault.kind(), fault.code(), fault.to_string()).with_errors(fault.errors())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, "application/problem+json"));
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.insert_header((RETRY_AFTER, seconds.max(1)));
        }
        if let Some(challenge) = self.challenge {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        match serde_json::to_vec(&self.problem()) {
            Ok(body) => response.body(body),
            Err(_unwritable) => response.finish(),
        }
    }
}

/// `email-taken` → `Email taken`.
pub(crate) fn title(code: &str) -> String {
    let mut words = code.replace('-', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The error and its causes, in one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let written = write!(text, ": {next}");
        cause = if written.is_ok() { next.source() } else { None };
    }
    text
}
