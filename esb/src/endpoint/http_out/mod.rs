//! To a service over HTTP, and its answer back: bodies stream both ways.

mod answer;
mod body;
mod elsewhere;
mod headers;

use std::time::Duration;

use chassis::settings::ClientLimits;
use chassis::{Failure, Kind, trace};
use reqwest::header::HeaderMap;
use reqwest::{Method, Request, Response, StatusCode, Url};
use tokio::time::Instant;

pub use answer::{collect, gather, pass_on};
pub use body::{Body, Intake};
pub use elsewhere::Elsewhere;
pub use headers::outgoing;

use crate::messages::{Outcome, Traffic};
use crate::registry::Guarded;

/// How often a request is sent at most.
const ATTEMPTS_MAX: u32 = 3;
/// The pause before the second try, on average; it doubles.
const PAUSE_MS: u64 = 25;
/// Below the services' own patience with idle connections, so that we never write to one that is being closed.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// How long the body of an answer may stand still.
const STILL_MAX: Duration = Duration::from_mins(1);

/// Sends requests to services.
#[derive(Clone)]
pub struct Proxy {
    http: reqwest::Client,
    traffic: Traffic,
}

/// A request to a service.
#[derive(Debug)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Whom to ask instead when nobody is there.
    pub elsewhere: Elsewhere,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// For the answer to begin.
    pub timeout: Duration,
    /// Whether asking twice does no harm.
    pub repeatable: Repeatable,
}

/// Whether asking twice does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeatable {
    /// The method promises it.
    Yes,
    /// Only if it can't have arrived.
    No,
}

/// Why a try came to nothing.
enum Miss {
    /// It was never sent.
    Unreachable(reqwest::Error),
    /// It was sent, and may have arrived.
    Broken(reqwest::Error),
    /// No answer in time.
    Late,
    /// The service says it can't now.
    Unwilling(Response),
    /// The caller's own body is at fault.
    Body(Failure),
}

impl Proxy {
    /// A client with these limits, whose calls are counted in `traffic`; one for each thread is fastest.
    pub fn new(limits: &ClientLimits, traffic: &Traffic) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(limits.connect_timeout_ms))
            .read_timeout(STILL_MAX)
            .pool_max_idle_per_host(limits.idle_per_host)
            .pool_idle_timeout(IDLE_MAX)
            .tcp_nodelay(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Guarded)
            .build()?;
        Ok(Self { http, traffic: traffic.clone() })
    }

    /// The service's answer, whose body is still to come: 503 where the service can't be reached, 504 where it does
    /// not answer in time.
    pub async fn send(&self, outgoing: Outgoing) -> Result<Response, Failure> {
        let asking = self.traffic.ask(outgoing.elsewhere.service(), outgoing.timeout);
        let answered = self.persist(outgoing).await;
        let status = |answer: &Response| answer.status().as_u16();
        let status = answered.as_ref().map_or_else(|failure| failure.kind().status(), status);
        asking.answered(Outcome::of_status(status));
        answered
    }

    async fn persist(&self, mut outgoing: Outgoing) -> Result<Response, Failure> {
        let deadline = Instant::now() + outgoing.timeout;
        let mut attempt = 1;
        loop {
            let miss = match self.attempt(&mut outgoing, deadline).await {
                Ok(response) => return Ok(response),
                Err(miss) => miss,
            };
            let other = outgoing.elsewhere.next(&outgoing.url);
            let pause = if other.is_some() { Duration::ZERO } else { pause(attempt) };
            let in_time = attempt < ATTEMPTS_MAX && Instant::now() + pause < deadline;
            if !(in_time && miss.may_be_repeated(&outgoing)) {
                return miss.into_answer(&outgoing.url);
            }
            tokio::time::sleep(pause).await;
            outgoing.url = other.unwrap_or(outgoing.url);
            attempt += 1;
        }
    }

    async fn attempt(&self, outgoing: &mut Outgoing, deadline: Instant) -> Result<Response, Miss> {
        let mut request = Request::new(outgoing.method.clone(), outgoing.url.clone());
        *request.headers_mut() = outgoing.headers.clone();
        let upload = outgoing.body.attach(&mut request);
        let mut span = trace::calling(outgoing.method.as_str(), outgoing.url.as_str());
        if let Some(context) = span.context() {
            headers::trace(request.headers_mut(), context);
        }
        let sending = self.http.execute(request);
        let answered = match upload {
            None => tokio::time::timeout_at(deadline, sending).await,
            Some(mut upload) => {
                let answered = upload.alongside(sending, outgoing.timeout).await;
                if let Some(failure) = upload.failure() {
                    return Err(Miss::Body(failure));
                }
                answered
            }
        };
        let response = span.note(answered).map_err(|_elapsed| Miss::Late)?;
        // What stands in the query may be private.
        let response = span.note(response.map_err(reqwest::Error::without_url)).map_err(Miss::from)?;
        trace::answered(&mut span, response.status().as_u16());
        if is_unwilling(&response) { Err(Miss::Unwilling(response)) } else { Ok(response) }
    }
}

fn pause(attempt: u32) -> Duration {
    Duration::from_millis(PAUSE_MS << attempt).mul_f64(rand::random_range(0.5..1.5))
}

/// A service that says when to come back is not asked before.
fn is_unwilling(response: &Response) -> bool {
    let passing = [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
    passing.contains(&response.status()) && !response.headers().contains_key(reqwest::header::RETRY_AFTER)
}

impl From<reqwest::Error> for Miss {
    fn from(error: reqwest::Error) -> Self {
        match error {
            error if error.is_connect() => Self::Unreachable(error.without_url()),
            error if error.is_timeout() => Self::Late,
            error => Self::Broken(error.without_url()),
        }
    }
}

impl Miss {
    fn may_be_repeated(&self, outgoing: &Outgoing) -> bool {
        let harmless = match self {
            Self::Unreachable(_) => true,
            Self::Broken(_) | Self::Unwilling(_) => outgoing.repeatable == Repeatable::Yes,
            Self::Late | Self::Body(_) => false,
        };
        harmless && outgoing.body.is_whole()
    }

    fn into_answer(self, url: &Url) -> Result<Response, Failure> {
        let host = url.authority();
        match self {
            Self::Unwilling(response) => Ok(response),
            Self::Body(failure) => Err(failure),
            Self::Unreachable(error) | Self::Broken(error) => {
                let cause = chassis::fault::chain(&error);
                tracing::warn!(http.upstream = host, error.chain = cause, "{host} could not be asked: {cause}");
                Err(unavailable())
            }
            Self::Late => {
                tracing::warn!(http.upstream = host, "{host} did not answer in time");
                Err(late())
            }
        }
    }
}

fn unavailable() -> Failure {
    let detail = "the service behind this can't be reached right now: try again in a moment";
    Failure::new(Kind::Unavailable, "service-unavailable", detail).retry_after(Duration::from_secs(1))
}

fn late() -> Failure {
    let detail = "the service behind this did not answer in time; what was asked for may have happened all the same";
    Failure::new(Kind::GatewayTimeout, "gateway-timeout", detail)
}
