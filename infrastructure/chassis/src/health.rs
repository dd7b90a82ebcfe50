//! Whether the process lives, and whether it can work.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use futures_util::future::join_all;
use serde_json::json;

use crate::{BoxError, Tasks};

/// How long a check may take before it counts as failed.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

type Probe = dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>> + Send + Sync;

/// Something the process needs, and how to see that it is there.
#[derive(Clone)]
pub struct Check {
    name: &'static str,
    probe: Arc<Probe>,
}

impl Check {
    /// The need `name` is met when `probe` succeeds within two seconds.
    pub fn new<F, Fut>(name: &'static str, probe: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        Self { name, probe: Arc::new(move || Box::pin(probe())) }
    }

    async fn outcome(&self) -> (&'static str, Option<String>) {
        let error = match tokio::time::timeout(CHECK_TIMEOUT, (self.probe)()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(crate::fault::chain(error.as_ref())),
            Err(_elapsed) => Some(format!("no answer within {} s", CHECK_TIMEOUT.as_secs())),
        };
        (self.name, error)
    }
}

/// The checks of a process.
#[derive(Clone)]
pub struct Health {
    checks: Vec<Check>,
    tasks: Tasks,
}

impl Health {
    pub(crate) fn new(checks: Vec<Check>, tasks: Tasks) -> Self {
        Self { checks, tasks }
    }
}

/// `/health/live` and `/health/ready`.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.route("/health/live", web::get().to(live)).route("/health/ready", web::get().to(ready));
}

async fn live() -> impl Responder {
    HttpResponse::Ok().json(json!({"status": "up"}))
}

/// 200 where every need is met, else 503; why a check failed goes to the log, not to the caller.
async fn ready(health: web::Data<Health>) -> impl Responder {
    if health.tasks.is_stopping() {
        return HttpResponse::ServiceUnavailable().json(json!({"status": "stopping"}));
    }
    let outcomes = join_all(health.checks.iter().map(Check::outcome)).await;
    for (name, error) in &outcomes {
        if let Some(error) = error {
            tracing::warn!(check = name, "not ready: {name}: {error}");
        }
    }
    let told = |up: bool| if up { "up" } else { "down" };
    let up = outcomes.iter().all(|(_, error)| error.is_none());
    let checks: serde_json::Map<_, _> =
        outcomes.iter().map(|(name, error)| ((*name).to_owned(), told(error.is_none()).into())).collect();
    let body = json!({"status": told(up), "checks": checks});
    if up { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}
