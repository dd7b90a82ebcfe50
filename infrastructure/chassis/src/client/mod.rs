//! The one HTTP client: limits, trace context, and errors that say whether anything may have happened.

mod registration;
mod token;

use std::time::Duration;

use bytes::Bytes;
use contracts::Problem;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use registration::Registration;

use crate::settings::ClientLimits;
use crate::{BoxError, Context, REQUEST_ID, TRACEPARENT};

/// Calls other services.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
}

/// A call to another service.
#[derive(Debug)]
pub struct Call {
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Bytes>,
}

/// What another service answered, whatever the status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// Why there is no answer. Except for [`CallError::Unsendable`], what was asked for may have happened.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The call can't be put on the wire.
    #[error("the call could not be made")]
    Unsendable(#[source] BoxError),
    /// Nobody there.
    #[error("`{url}` could not be reached")]
    Unreachable {
        /// Who was called.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// No answer in time.
    #[error("`{url}` gave no answer in time")]
    Timeout {
        /// Who was called.
        url: String,
    },
    /// The answer broke off.
    #[error("the answer of `{url}` broke off")]
    Broken {
        /// Who was called.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
}

impl Client {
    /// A client with these limits.
    pub fn new(limits: &ClientLimits) -> Result<Self, BoxError> {
        install_tls();
        let http = reqwest::Client::builder()
            .timeout(Duration::from_millis(limits.timeout_ms))
            .connect_timeout(Duration::from_millis(limits.connect_timeout_ms))
            .pool_max_idle_per_host(limits.idle_per_host)
            .tcp_nodelay(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http })
    }

    /// The client underneath, for bodies that stream; the caller brings trace context along itself.
    pub const fn raw(&self) -> &reqwest::Client {
        &self.http
    }

    /// Makes the call, as part of the request that this code runs for, and reads the whole answer.
    pub async fn call(&self, call: Call) -> Result<Answer, CallError> {
        let mut span = crate::trace::calling(call.method.as_str(), &call.url);
        let answer = span.within(self.exchange(call)).await;
        match &answer {
            Ok(answer) => crate::trace::answered(&mut span, answer.status.as_u16()),
            Err(error) => span.fail(error.brief()),
        }
        answer
    }

    async fn exchange(&self, call: Call) -> Result<Answer, CallError> {
        let Call { method, url, mut headers, body } = call;
        trace(&mut headers);
        let mut request = self.http.request(method, &url).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.map_err(|error| CallError::sending(&url, error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| CallError::reading(&url, error))?;
        Ok(Answer { status, headers, body })
    }
}

impl CallError {
    /// Without the address, whose query may be private.
    const fn brief(&self) -> &'static str {
        match self {
            Self::Unsendable(_) => "the call could not be made",
            Self::Unreachable { .. } => "nobody is there",
            Self::Timeout { .. } => "no answer in time",
            Self::Broken { .. } => "the answer broke off",
        }
    }

    fn sending(url: &str, error: reqwest::Error) -> Self {
        let url = url.to_owned();
        match error {
            error if error.is_timeout() && !error.is_connect() => Self::Timeout { url },
            error if error.is_builder() => Self::Unsendable(error.into()),
            source => Self::Unreachable { url, source: source.without_url() },
        }
    }

    fn reading(url: &str, error: reqwest::Error) -> Self {
        let url = url.to_owned();
        if error.is_timeout() { Self::Timeout { url } } else { Self::Broken { url, source: error.without_url() } }
    }
}

impl Call {
    /// `method url`, which asks for JSON.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        Self { method, url: url.into(), headers, body: None }
    }

    /// `GET url`.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// With an access token.
    pub fn bearer(self, token: &str) -> Result<Self, CallError> {
        self.header(AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// With another header.
    pub fn header(mut self, name: HeaderName, value: &str) -> Result<Self, CallError> {
        let mut value = HeaderValue::from_str(value).map_err(|error| CallError::Unsendable(error.into()))?;
        value.set_sensitive(name == AUTHORIZATION);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// With a form as its body, encoded already.
    #[must_use]
    pub fn form(mut self, form: &str) -> Self {
        self.body = Some(Bytes::copy_from_slice(form.as_bytes()));
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        self
    }

    /// With a JSON body.
    pub fn json<B: Serialize + ?Sized>(mut self, body: &B) -> Result<Self, CallError> {
        let bytes = serde_json::to_vec(body).map_err(|error| CallError::Unsendable(error.into()))?;
        self.body = Some(bytes.into());
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(self)
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// The problem in the body, if there is one.
    pub fn problem(&self) -> Option<Problem> {
        self.json().ok()
    }
}

/// Brings the request's identity along.
fn trace(headers: &mut HeaderMap) {
    let Some(context) = Context::current() else { return };
    let pairs = [(REQUEST_ID, context.request_id.clone()), (TRACEPARENT, context.traceparent())];
    for (name, value) in pairs {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// Chooses the implementation of TLS for the process; a second choice changes nothing.
pub(crate) fn install_tls() {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::trace!("a TLS provider is installed already");
    }
}
