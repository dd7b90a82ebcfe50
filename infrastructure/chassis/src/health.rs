//! Whether the process lives, and whether it can work.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::json;

use crate::http::Query;
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

/// What the one who asks can do without.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    /// Names of checks, separated by commas: they are told, and don't count.
    despite: String,
}

/// `/health/live` and `/health/ready`.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/health/live").route(web::get().to(live)).route(web::head().to(live)))
        .service(web::resource("/health/ready").route(web::get().to(ready)).route(web::head().to(ready)));
}

async fn live() -> impl Responder {
    HttpResponse::Ok().json(json!({"status": "up"}))
}

/// 200 where every need is met, else 503; why a check failed goes to the log, not to the caller. A load balancer asks for
/// less than all: where no instance has what it needs, and can work without, to take them all out helps nobody.
async fn ready(health: web::Data<Health>, Query(asked): Query<Asked>) -> impl Responder {
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
    let counts = |name: &str| asked.despite.split(',').all(|spared| spared != name);
    let up = outcomes.iter().all(|(name, error)| error.is_none() || !counts(name));
    let checks: serde_json::Map<_, _> =
        outcomes.iter().map(|(name, error)| ((*name).to_owned(), told(error.is_none()).into())).collect();
    let body = json!({"status": told(up), "checks": checks});
    if up { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, web};

    use super::{Check, Health, routes};
    use crate::Tasks;

    #[actix_web::test]
    async fn what_an_asker_can_do_without_does_not_count() {
        let lost = Check::new("rabbitmq", || async { Err("gone".into()) });
        let there = Check::new("postgresql", || async { Ok(()) });
        let health = Health::new(vec![lost, there], Tasks::new());
        let app = init_service(App::new().app_data(web::Data::new(health)).configure(routes)).await;
        let asks = [
            ("/health/ready", 503),
            ("/health/ready?despite=rabbitmq", 200),
            ("/health/ready?despite=keys,rabbitmq", 200),
            ("/health/ready?despite=postgresql", 503),
            ("/health/ready?but=rabbitmq", 422),
        ];
        for (uri, status) in asks {
            let answer = call_service(&app, TestRequest::get().uri(uri).to_request()).await;
            assert_eq!(answer.status().as_u16(), status, "{uri}");
        }
    }
}
