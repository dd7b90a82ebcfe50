//! A service behind the bus that does as it is told, and remembers what it was asked.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::Value;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// What is answered.
#[derive(Debug)]
pub(crate) enum Reply {
    Json(u16, Value),
    With(u16, Vec<(&'static str, &'static str)>, String),
    /// The connection breaks before an answer.
    HangUp,
}

type Behaviour = Arc<dyn Fn(Seen) -> Pin<Box<dyn Future<Output = Reply> + Send>> + Send + Sync>;

/// The service.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values = self.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        let values = values.collect::<Vec<_>>();
        (!values.is_empty()).then(|| values.join("|"))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Upstream {
    /// Answers as `behave` says.
    pub(crate) fn start<F, Fut>(behave: F) -> Self
    where
        F: Fn(Seen) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Reply> + Send + 'static,
    {
        Self::described(Value::Null, behave)
    }

    /// The same, with a description of itself, which the bus asks for by itself at any time.
    pub(crate) fn described<F, Fut>(description: Value, behave: F) -> Self
    where
        F: Fn(Seen) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Reply> + Send + 'static,
    {
        let behave: Behaviour = Arc::new(move |seen| Box::pin(behave(seen)));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&seen);
        let url = serve(move |config| {
            let (behave, memory, description) = (Arc::clone(&behave), Arc::clone(&memory), description.clone());
            let describe = move || std::future::ready(HttpResponse::Ok().json(&description));
            config.route("/openapi.json", web::get().to(describe));
            config.default_service(web::to(move |request: HttpRequest, payload: web::Payload| {
                answer(Arc::clone(&behave), Arc::clone(&memory), request, payload)
            }));
        });
        Self { url, seen }
    }

    /// Answers everything with this.
    pub(crate) fn saying(status: u16, body: Value) -> Self {
        Self::start(move |_| std::future::ready(Reply::Json(status, body.clone())))
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, line: &str) -> usize {
        self.seen().iter().filter(|seen| seen.line == line).count()
    }
}

/// A server with these routes; its address.
pub(crate) fn serve(configure: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static) -> String {
    let nothing = || async { HttpResponse::NotFound().finish() };
    let server =
        HttpServer::new(move || App::new().configure(configure.clone()).route("/openapi.json", web::get().to(nothing)));
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0];
    #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
    tokio::spawn(server.run());
    format!("http://{address}")
}

async fn answer(
    behave: Behaviour,
    memory: Arc<Mutex<Vec<Seen>>>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let mut body = Vec::new();
    while let Some(piece) = payload.next().await {
        // What breaks off was never asked.
        body.extend_from_slice(&piece?);
    }
    let text = |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| {
        (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
    };
    let headers = request.headers().iter().map(text).collect();
    let line = format!("{} {}", request.method(), request.uri());
    let seen = Seen { line, headers, body: body.into() };
    memory.lock().unwrap().push(seen.clone());
    match behave(seen).await {
        Reply::Json(status, body) => {
            let problem = status >= 400;
            let kind = if problem { "application/problem+json" } else { "application/json" };
            let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
            Ok(response.content_type(kind).body(body.to_string()))
        }
        Reply::With(status, headers, body) => {
            let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
            for header in headers {
                response.append_header(header);
            }
            Ok(response.body(body))
        }
        Reply::HangUp => Ok(HttpResponse::Ok()
            .streaming(futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("hung up")) }))),
    }
}
