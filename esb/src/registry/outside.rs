//! Asking services that nobody here has chosen: bounded in size and time, never led elsewhere, and never to an address
//! that is not for them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use chassis::BoxError;
use chassis::settings::ClientLimits;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Response, StatusCode};

use super::address::is_forbidden;
use super::probes::{Probe, SIZE_MAX, checks};

/// How long a service may think about its health.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks names up, and leaves out addresses that no service is at: who registers a name decides later where it leads.
#[derive(Debug, Clone, Copy)]
pub struct Guarded;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept = found.filter(|address| !is_forbidden(address.ip())).collect::<Vec<SocketAddr>>();
            if kept.is_empty() {
                return Err(BoxError::from(format!("`{}` leads to no address that may be asked", name.as_str())));
            }
            let addresses: Addrs = Box::new(kept.into_iter());
            Ok(addresses)
        })
    }
}

/// Reads what services show to anyone.
#[derive(Debug, Clone)]
pub struct Outside(reqwest::Client);

impl Outside {
    /// With these limits.
    pub fn new(limits: &ClientLimits) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_millis(limits.timeout_ms))
            .connect_timeout(Duration::from_millis(limits.connect_timeout_ms))
            .pool_max_idle_per_host(1)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Guarded)
            .build()?;
        Ok(Self(http))
    }

    /// The document at `url`; an error says why it can't be had.
    pub(super) async fn read(&self, url: &str, size_max: usize) -> Result<Bytes, String> {
        let request = self.0.get(url).header("accept", "application/json").send();
        let response = request.await.map_err(unseen)?;
        if !response.status().is_success() {
            return Err(format!("it answered {}", response.status().as_u16()));
        }
        bounded(response, size_max).await
    }

    /// How the service at this address says that it is.
    pub(super) async fn probe(&self, base: &str) -> Probe {
        let began = Instant::now();
        let asked = self.0.get(format!("{base}/health/ready")).timeout(PATIENCE).send().await;
        let Ok(response) = asked else { return Probe::default() };
        let (latency, status) = (began.elapsed(), response.status());
        let ready = status.is_success() || status == StatusCode::NOT_FOUND;
        let says = status.is_success() || status == StatusCode::SERVICE_UNAVAILABLE;
        let body = if says { bounded(response, SIZE_MAX).await.ok() } else { None };
        Probe { ready, latency: Some(latency), checks: body.and_then(|body| checks(&body)) }
    }
}

/// The body, unless it is too large.
async fn bounded(mut response: Response, size_max: usize) -> Result<Bytes, String> {
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(unseen)? {
        if body.len() + piece.len() > size_max {
            return Err(format!("it is larger than {size_max} bytes"));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

fn unseen(error: reqwest::Error) -> String {
    chassis::fault::chain(&error.without_url())
}
