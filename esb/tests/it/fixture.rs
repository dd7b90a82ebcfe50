//! A bus of its own for each test, on a database of its own, with upstreams that do as they are told.

use std::sync::Arc;
use std::time::Duration;

use chassis::{Clock, Tasks};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use esb::{DEFAULTS, NAME, Settings, start, store};
use reqwest::{Client, Method, RequestBuilder, Response};
use secrecy::ExposeSecret;
use serde_json::Value;
use testbed::Issuer;

use crate::upstream::Upstream;

/// A running ESB, and everybody who talks to it.
pub(crate) struct Bus {
    pub(crate) url: String,
    pub(crate) database_url: String,
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) http: Client,
    pub(crate) tasks: Tasks,
    services: [String; 3],
}

/// How the bus differs from its defaults.
pub(crate) type Changes = Vec<(&'static str, String)>;

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

impl Answer {
    /// `409 out-of-stock`, or the status alone where it is no problem.
    pub(crate) fn told(&self) -> String {
        let kind = self.body["type"].as_str().and_then(|kind| kind.strip_prefix("urn:problem:"));
        kind.map_or_else(|| self.status.to_string(), |kind| format!("{} {kind}", self.status))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter_map(|error| error["pointer"].as_str()).collect()
    }

    pub(crate) fn is_replayed(&self) -> bool {
        self.header("idempotent-replayed") == "true"
    }

    pub(crate) async fn read(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or_default(), text }
    }
}

impl Bus {
    /// In front of one upstream that plays all services.
    pub(crate) async fn before(upstream: &Upstream) -> Self {
        Self::with(&[&upstream.url; 3].map(Clone::clone), Vec::new()).await
    }

    pub(crate) async fn changed(upstream: &Upstream, changes: Changes) -> Self {
        Self::with(&[&upstream.url; 3].map(Clone::clone), changes).await
    }

    pub(crate) async fn with(services: &[String; 3], changes: Changes) -> Self {
        Self::issued(Arc::new(Issuer::start().await), services, changes).await
    }

    /// With tokens of this issuer.
    pub(crate) async fn issued(issuer: Arc<Issuer>, services: &[String; 3], changes: Changes) -> Self {
        Self::timed(issuer, services, changes, Clock::real()).await
    }

    /// By this clock.
    pub(crate) async fn timed(issuer: Arc<Issuer>, services: &[String; 3], changes: Changes, clock: Clock) -> Self {
        let database_url = testbed::shared().await.postgres_database("esb").await;
        let settings = settings(services, changes);
        Self::on(database_url, issuer, (settings, clock), services.clone()).await
    }

    /// Another process on the same database.
    pub(crate) async fn twin(&self) -> Self {
        self.twin_with(Vec::new()).await
    }

    pub(crate) async fn twin_with(&self, changes: Changes) -> Self {
        let settings = settings(&self.services, changes);
        Self::on(self.database_url.clone(), Arc::clone(&self.issuer), (settings, Clock::real()), self.services.clone())
            .await
    }

    /// Another process on the same database, with these settings.
    pub(crate) async fn twin_changed(&self, changes: Changes) -> Self {
        let settings = settings(&self.services, changes);
        Self::on(self.database_url.clone(), Arc::clone(&self.issuer), (settings, Clock::real()), self.services.clone())
            .await
    }

    async fn on(
        database_url: String,
        issuer: Arc<Issuer>,
        (mut settings, clock): (Settings, Clock),
        services: [String; 3],
    ) -> Self {
        settings.database.url = database_url.clone().into();
        settings.auth.jwks_url = issuer.jwks_url().parse().unwrap();
        store::migrate(settings.database.url.expose_secret()).await.expect("migrates");
        let tasks = Tasks::new();
        let running = start(&settings, &tasks, clock).expect("starts");
        let url = format!("http://{}", running.addr);
        #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
        tokio::spawn(running.until_stopped());
        let http = testbed::http::client().expect("a client");
        Self { url, database_url, issuer, http, tasks, services }
    }

    /// The process ends, as it does when it is asked to.
    pub(crate) fn stop(&self) {
        self.tasks.stop();
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.expect("an answer")).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.ask(Method::GET, path)).await
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send(self.ask(Method::GET, path).bearer_auth(token)).await
    }

    pub(crate) async fn post_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.send(self.ask(Method::POST, path).bearer_auth(token).json(body)).await
    }

    /// A command under a key.
    pub(crate) async fn command(&self, token: &str, key: &str, body: &Value) -> Answer {
        let request = self.ask(Method::POST, "/command").bearer_auth(token);
        self.send(request.header("idempotency-key", key).json(body)).await
    }

    /// Does to the bus's database what only its own past could have done.
    pub(crate) async fn execute(&self, sql: &str) {
        let mut connection = AsyncPgConnection::establish(&self.database_url).await.expect("a connection");
        diesel::sql_query(sql).execute(&mut connection).await.expect("done");
    }

    /// What the bus's database keeps: the texts that the query names `text`.
    pub(crate) async fn kept(&self, sql: &str) -> Vec<String> {
        let mut connection = AsyncPgConnection::establish(&self.database_url).await.expect("a connection");
        let rows = diesel::sql_query(sql).load::<Row>(&mut connection).await.expect("rows");
        rows.into_iter().map(|row| row.text).collect()
    }

    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }
}

fn settings(services: &[String; 3], changes: Changes) -> Settings {
    let [customer, order, payment] = services;
    let routes = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/routes");
    let own = [
        ("HTTP__LISTEN", "127.0.0.1:0".to_owned()),
        ("HTTP__WORKERS", "2".to_owned()),
        ("DATABASE__MAX_CONNECTIONS", "6".to_owned()),
        ("SERVICES__CUSTOMER_SERVICE", customer.clone()),
        ("SERVICES__ORDER_SERVICE", order.clone()),
        ("SERVICES__PAYMENT_SERVICE", payment.clone()),
        ("CLIENT__SECRET", "s3cret".to_owned()),
        ("ROUTES__DIR", routes.to_owned()),
        ("SAGA__BACKOFF_MS", "20".to_owned()),
        ("SAGA__SCAN_MS", "100".to_owned()),
    ];
    let pairs = own.into_iter().chain(changes).map(|(name, value)| (format!("ESB__{name}"), value));
    let mut settings: Settings = chassis::settings::load(NAME, DEFAULTS, None, pairs).expect("good settings");
    settings.services.insert("lost_service".to_owned(), "http://127.0.0.1:1".parse().unwrap());
    settings
}

/// Waits for it, for a minute at most: longer than a busy machine takes, and not for ever.
pub(crate) async fn until<F: AsyncFnMut() -> bool>(what: &str, mut condition: F) {
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while !condition().await {
        assert!(tokio::time::Instant::now() < deadline, "{what}: not within a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
