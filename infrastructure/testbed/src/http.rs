//! The HTTP client of the testbed.

use std::time::Duration;

use anyhow::Result;
use reqwest::Client;

/// Longer than the binaries wait for their engines and for each other, so that what is told is what went wrong.
const TIMEOUT: Duration = Duration::from_secs(40);

/// A client with a bound on every call. Each test has a runtime of its own, so a shared pool would hold dead connections.
pub fn client() -> Result<Client> {
    // A second installation is refused, and then there is one already.
    rustls::crypto::ring::default_provider().install_default().ok();
    Ok(Client::builder().no_proxy().timeout(TIMEOUT).build()?)
}

/// Whether `GET url` is answered with 200.
pub async fn is_ok(url: &str) -> bool {
    let Ok(client) = client() else { return false };
    client.get(url).send().await.is_ok_and(|answer| answer.status().as_u16() == 200)
}
