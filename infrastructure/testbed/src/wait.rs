//! Waiting for a condition, with a bound, instead of sleeping and hoping.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

const POLL: Duration = Duration::from_millis(25);

/// Asks again and again until the condition holds; past the bound it fails and names what it waited for.
pub async fn until<F, Fut>(what: &str, bound: Duration, mut condition: F) -> Result<()>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = bool>,
{
    let deadline = Instant::now() + bound;
    while !condition().await {
        if Instant::now() >= deadline {
            bail!("{what}: not within {bound:?}");
        }
        sleep(POLL).await;
    }
    Ok(())
}
