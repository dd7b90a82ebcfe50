//! What callers are told when they don't get what they asked for: a fault, with the problem inside.

use actix_web::ResponseError;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use chassis::{Failure, Kind};
use contracts::Problem;
use transform::{Broken, problem_to_element};

use super::envelope::SOAP;
use super::reply::text;
use crate::route::mediation::refused;

/// By SOAP 1.1 section 6.2 all faults are.
const FAULT: u16 = 500;
const CHALLENGES: [&str; 2] = [r#"Basic realm="ecommerce-soa""#, r#"Bearer realm="ecommerce-soa""#];

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    VersionMismatch,
    MustUnderstand,
    Client,
    Server,
}

/// A fault.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) code: Code,
    /// HTTP's.
    pub(super) status: u16,
    /// The problem's.
    pub(super) meaning: u16,
    /// In one sentence.
    reason: String,
    /// As JSON.
    pub(super) problem: Vec<u8>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Trouble {
    /// The same, with these headers.
    pub(super) fn with(self, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        Self { headers, ..self }
    }

    /// A problem that a service has told.
    pub(super) fn told(status: u16, problem: Vec<u8>) -> Self {
        let code = if status < 500 { Code::Client } else { Code::Server };
        let read = serde_json::from_slice::<Problem>(&problem);
        let reason = read.map_or_else(|_no_problem| format!("the answer was {status}"), |problem| sentence(&problem));
        Self { code, status: FAULT, meaning: status, reason, problem, headers: Vec::new() }
    }

    /// Another version of SOAP.
    pub(super) fn version() -> Self {
        let detail = format!("this is SOAP 1.1: the Envelope must be in `{SOAP}`");
        Self { code: Code::VersionMismatch, ..Failure::new(Kind::Malformed, "version-mismatch", detail).into() }
    }

    /// A block of the header that had to be understood.
    pub(super) fn not_understood(name: &str) -> Self {
        let name = name.chars().take(60).collect::<String>();
        let detail = format!("the header `{name}` has `mustUnderstand`, and is not understood here");
        Self { code: Code::MustUnderstand, ..Failure::new(Kind::Malformed, "header-not-understood", detail).into() }
    }

    /// Nobody has said who asks.
    pub(super) fn nobody() -> Self {
        let detail =
            "say who you are: HTTP's `Authorization` (Basic as a machine client, or Bearer), or a UsernameToken";
        let trouble = Self::from(Failure::new(Kind::Unauthorised, "authentication-required", detail));
        let challenges = CHALLENGES.map(|challenge| (WWW_AUTHENTICATE, HeaderValue::from_static(challenge)));
        Self { status: Kind::Unauthorised.status(), headers: challenges.into(), ..trouble }
    }

    /// As it stands in a body.
    pub(super) fn write(&self) -> Vec<u8> {
        let (code, reason) = (self.code.name(), text(&self.reason));
        let mut xml = format!("<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{reason}</faultstring>");
        let problem = problem_to_element(&self.problem).ok().and_then(|problem| String::from_utf8(problem).ok());
        if let Some(problem) = problem {
            xml.extend(["<detail>", &problem, "</detail>"]);
        }
        xml.push_str("</soap:Fault>");
        xml.into_bytes()
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        let problem = failure.problem();
        let later = failure.error_response().headers().get(RETRY_AFTER).cloned();
        let told = Self::told(failure.kind().status(), serde_json::to_vec(&problem).unwrap_or_default());
        Self { headers: later.map(|later| (RETRY_AFTER, later)).into_iter().collect(), ..told }
    }
}

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Self {
        refused(broken).into()
    }
}

impl Code {
    const fn name(self) -> &'static str {
        match self {
            Self::VersionMismatch => "VersionMismatch",
            Self::MustUnderstand => "MustUnderstand",
            Self::Client => "Client",
            Self::Server => "Server",
        }
    }
}

fn sentence(problem: &Problem) -> String {
    format!("{}: {}", problem.title, problem.detail)
}
