//! The service in this process, on a database of its own, and what people do with it.

use chassis::{Clock, Tasks};
use customer_service::{DEFAULTS, NAME, Settings, start};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const OPERATOR: &str = "operator@example.org";
pub(crate) const SECRET: &str = "a+secret/of=the:shop";
const CLIENTS: &str = r#"[
    {"id": "shop", "secret": "a+secret/of=the:shop", "scopes": ["orders:place", "customers:read"]},
    {"id": "warehouse", "secret": "another-secret", "scopes": ["registry"]},
    {"id": "bus", "secret": "the-secret-of-the-bus", "scopes": ["clients:act-for", "saga"]}
]"#;

/// The service, and a client of it.
pub(crate) struct App {
    pub(crate) url: String,
    pub(crate) database: String,
    pub(crate) client: Client,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) refresh: String,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With settings such as `("LOGIN__FAILURES_PER_MINUTE", "3")`.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        Self::at(Clock::real(), settings).await
    }

    pub(crate) async fn at(clock: Clock, settings: &[(&str, &str)]) -> Self {
        let database = testbed::shared().await.postgres_database("customer").await;
        Self::on(&database, clock, settings).await
    }

    pub(crate) async fn on(database: &str, clock: Clock, settings: &[(&str, &str)]) -> Self {
        let running = start(self::settings(database, settings), Tasks::new(), clock).await.unwrap();
        let url = format!("http://{}", running.addr);
        Self { url, database: database.to_owned(), client: testbed::http::client().unwrap() }
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.ask(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        answer(self.ask(Method::GET, path).header(AUTHORIZATION, format!("Bearer {token}"))).await
    }

    pub(crate) async fn send_as(&self, token: &str, (method, path): (Method, &str), body: Value) -> Answer {
        answer(self.ask(method, path).header(AUTHORIZATION, format!("Bearer {token}")).json(&body)).await
    }

    pub(crate) async fn register(&self, email: &str) -> Person {
        let name = email.split('@').next().unwrap();
        let answer = self.post("/auth/register", registration(email, name)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        person(&answer)
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("/auth/login", json!({"email": email, "password": password})).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post("/auth/refresh", json!({"refresh_token": token})).await
    }

    pub(crate) async fn operator(&self) -> Person {
        person(&self.login(OPERATOR, PASSWORD).await)
    }

    /// A machine client's token.
    pub(crate) async fn machine(&self, id: &str, secret: &str) -> String {
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let answer = answer(self.ask(Method::POST, "/auth/token").form(&form)).await;
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    /// The first column of what the database says, as text.
    pub(crate) async fn query(&self, sql: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            value: String,
        }
        let mut connection = AsyncPgConnection::establish(&self.database).await.unwrap();
        let rows: Vec<Row> = diesel::sql_query(sql).load(&mut connection).await.unwrap();
        rows.into_iter().map(|row| row.value).collect()
    }
}

/// The settings of a test.
pub(crate) fn settings(database: &str, more: &[(&str, &str)]) -> Settings {
    let defaults = [
        ("HTTP__LISTEN", "127.0.0.1:0"),
        ("HTTP__WORKERS", "2"),
        ("DATABASE__URL", database),
        ("DATABASE__MAX_CONNECTIONS", "8"),
        // Many at once may wait for each other on a slow machine.
        ("DATABASE__WAIT_MS", "30000"),
        ("BOOTSTRAP__OPERATOR_EMAIL", OPERATOR),
        ("BOOTSTRAP__OPERATOR_PASSWORD", PASSWORD),
        ("BOOTSTRAP__CLIENTS", CLIENTS),
    ];
    let all = defaults.iter().chain(more);
    let environment = all.map(|(key, value)| (format!("CUSTOMER_SERVICE__{key}"), (*value).to_owned()));
    chassis::settings::load(NAME, DEFAULTS, None, environment).unwrap()
}

pub(crate) fn registration(email: &str, name: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "name": name})
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null);
    Answer { status, headers, body }
}

pub(crate) fn person(answer: &Answer) -> Person {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let body = &answer.body;
    Person {
        id: text(&body["customer"]["id"]),
        token: text(&body["access_token"]),
        refresh: text(&body["refresh_token"]),
    }
}

impl Answer {
    /// Status and kind of problem.
    pub(crate) fn refused(&self) -> (u16, &str) {
        let kind = self.body["type"].as_str().unwrap_or_default();
        assert_eq!(self.body["status"], self.status, "{self:?}");
        (self.status, kind.strip_prefix("urn:problem:").unwrap_or(kind))
    }

    /// Where the body was wrong.
    pub(crate) fn pointers(&self) -> Vec<&str> {
        assert_eq!(self.status, 422, "{self:?}");
        self.body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
