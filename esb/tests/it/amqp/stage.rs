//! A bus on a virtual host of its own, services that do as they are told, and somebody who sends.

use std::future::Ready;
use std::sync::Arc;

use chassis::Clock;
use serde_json::{Value, json};
use testbed::{Issuer, Vhost};

use super::sender::Sender;
use crate::fixture::{Bus, Changes, until};
use crate::routes::wsdl::description;
use crate::shop::Shop;
use crate::upstream::{Reply, Seen, Upstream};

/// A client whom customer-service does not know.
pub(crate) const STRANGER: &str = "stranger";
/// A client who may nothing.
pub(crate) const WEAK: &str = "weak";
const SCOPES: [&str; 3] = ["orders:place", "payments:refund", "customers:read"];

/// Everybody there is.
pub(crate) struct Stage {
    pub(crate) bus: Bus,
    pub(crate) upstream: Upstream,
    pub(crate) vhost: Vhost,
    pub(crate) sender: Sender,
}

impl Stage {
    /// All services answer as `behave` says, but for tokens.
    pub(crate) async fn set<F>(changes: Changes, behave: F) -> Self
    where
        F: Fn(&Seen) -> Reply + Send + Sync + 'static,
    {
        Self::timed(Clock::real(), changes, behave).await
    }

    /// By this clock.
    pub(crate) async fn timed<F>(clock: Clock, changes: Changes, behave: F) -> Self
    where
        F: Fn(&Seen) -> Reply + Send + Sync + 'static,
    {
        let issuer = Arc::new(Issuer::start().await);
        let upstream = services(Arc::clone(&issuer), behave);
        let urls = [&upstream.url; 3].map(Clone::clone);
        Self::on((issuer, clock), (upstream, urls), changes).await
    }

    /// Services that have described themselves, and answer as `behave` says.
    pub(crate) async fn described<F>(behave: F) -> Self
    where
        F: Fn(&Seen) -> Reply + Send + Sync + 'static,
    {
        let issuer = Arc::new(Issuer::start().await);
        let upstream = Upstream::described(description(), granting(Arc::clone(&issuer), behave));
        let urls = [&upstream.url; 3].map(Clone::clone);
        let stage = Self::on((issuer, Clock::real()), (upstream, urls), Vec::new()).await;
        until("the services are known", async || stage.bus.get("/soap?wsdl").await.status == 200).await;
        stage
    }

    /// The shop has the orders and the payments.
    pub(crate) async fn before(shop: &Shop, changes: Changes) -> Self {
        let issuer = Arc::new(Issuer::start().await);
        let at = "2026-01-01T00:00:00Z";
        let customer = move |seen: &Seen| {
            let id = seen.line.rsplit('/').next().unwrap_or_default();
            let ada = json!({"id": id, "email": "a@b.c", "name": "Ada", "status": "active", "created_at": at, "updated_at": at});
            Reply::Json(200, ada)
        };
        let upstream = services(Arc::clone(&issuer), customer);
        let urls = [upstream.url.clone(), shop.upstream.url.clone(), shop.upstream.url.clone()];
        Self::on((issuer, Clock::real()), (upstream, urls), changes).await
    }

    async fn on(
        (issuer, clock): (Arc<Issuer>, Clock),
        (upstream, urls): (Upstream, [String; 3]),
        changes: Changes,
    ) -> Self {
        let vhost = testbed::shared().await.amqp_vhost("esb").await;
        let mut all = quick(&vhost.url);
        all.extend(changes);
        let bus = Bus::timed(issuer, &urls, all, clock).await;
        ready(&bus).await;
        let sender = Sender::connect(&vhost.url).await;
        Self { bus, upstream, vhost, sender }
    }

    /// What was asked of the services, but for tokens.
    pub(crate) fn asked(&self) -> Vec<Seen> {
        self.upstream.seen().into_iter().filter(|seen| seen.line != "POST /auth/token").collect()
    }
}

/// Settings of one who has no time.
pub(crate) fn quick(url: &str) -> Changes {
    vec![
        ("BROKER__URL", url.to_owned()),
        ("AMQP__BACKOFF_MS", "50".to_owned()),
        ("AMQP__BACKOFF_MAX_MS", "100".to_owned()),
    ]
}

pub(crate) async fn ready(bus: &Bus) {
    until("the bus is ready", async || bus.get("/health/ready").await.status == 200).await;
}

pub(crate) fn services<F>(issuer: Arc<Issuer>, behave: F) -> Upstream
where
    F: Fn(&Seen) -> Reply + Send + Sync + 'static,
{
    Upstream::start(granting(issuer, behave))
}

fn granting<F>(issuer: Arc<Issuer>, behave: F) -> impl Fn(Seen) -> Ready<Reply> + Send + Sync + 'static
where
    F: Fn(&Seen) -> Reply + Send + Sync + 'static,
{
    move |seen: Seen| {
        let reply = if seen.line == "POST /auth/token" { grant(&issuer, &seen) } else { behave(&seen) };
        std::future::ready(reply)
    }
}

/// RFC 8693, as customer-service does it.
fn grant(issuer: &Issuer, seen: &Seen) -> Reply {
    let form = url::form_urlencoded::parse(&seen.body).into_owned().collect::<std::collections::HashMap<_, _>>();
    assert!(seen.header("authorization").is_some_and(|header| header.starts_with("Basic ")));
    let token = match (form["grant_type"].as_str(), form.get("subject_token").map(String::as_str)) {
        ("client_credentials", _) => "our-own".to_owned(),
        (_, Some(STRANGER)) => return Reply::Json(400, json!({"error": "invalid_grant"})),
        (_, Some(WEAK)) => issuer.client(WEAK, &[]),
        ("urn:ietf:params:oauth:grant-type:token-exchange", Some(client)) => {
            assert_eq!(form["subject_token_type"], "urn:ecommerce-soa:token-type:client-id");
            issuer.client(client, &SCOPES)
        }
        other => panic!("what is {other:?}?"),
    };
    Reply::Json(200, json!({"access_token": token, "expires_in": 900, "token_type": "Bearer"}))
}

/// A problem of a service.
pub(crate) fn problem(status: u16, name: &str) -> Reply {
    let kind = format!("urn:problem:{name}");
    Reply::Json(status, json!({"type": kind, "title": name, "status": status, "detail": format!("it is {name}")}))
}

/// What was asked, as a document.
pub(crate) fn echo(seen: &Seen) -> Reply {
    let body = if seen.body.is_empty() { Value::Null } else { seen.json() };
    Reply::Json(200, json!({"line": seen.line, "body": body}))
}
