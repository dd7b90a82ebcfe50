//! A proxy before a service, which sees each request and answer go by, and can spring a trap on one of them.

use std::sync::Mutex;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use reqwest::Method;
use tokio::sync::oneshot;

/// When the trap springs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The request has left the ESB, and does not reach the service.
    Before,
    /// The service has done its work, and its answer does not reach the ESB.
    After,
}

/// Springs once, on the first request that fits.
pub(crate) struct Trap {
    pub(crate) method: Method,
    /// How the path ends, after any id; `""` fits `/orders/{id}` alone.
    pub(crate) ends: &'static str,
    pub(crate) moment: Moment,
}

struct Armed {
    trap: Trap,
    sprung: oneshot::Sender<()>,
    go_on: oneshot::Receiver<()>,
}

#[derive(Default)]
struct State {
    target: Mutex<Option<String>>,
    armed: Mutex<Option<Armed>>,
}

/// The proxy.
pub(crate) struct Tap {
    pub(crate) url: String,
    state: Data<State>,
    server: ServerHandle,
}

impl Tap {
    pub(crate) fn start() -> Self {
        let http = testbed::http::client().unwrap();
        let state = Data::new(State::default());
        let shared = state.clone();
        let server = HttpServer::new(move || {
            let client = Data::new(http.clone());
            App::new().app_data(shared.clone()).app_data(client).default_service(web::to(pass))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, state, server: handle }
    }

    /// Passes everything on to this address from now on.
    pub(crate) fn lead_to(&self, target: &str) {
        *self.state.target.lock().unwrap() = Some(target.to_owned());
    }

    /// Sets the trap. The first end tells that it sprung; what fell into it waits until the second end is used.
    pub(crate) fn set(&self, trap: Trap) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let ((sprung, told), (go, go_on)) = (oneshot::channel(), oneshot::channel());
        *self.state.armed.lock().unwrap() = Some(Armed { trap, sprung, go_on });
        (told, go)
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn pass(request: HttpRequest, body: Bytes, state: Data<State>, http: Data<reqwest::Client>) -> HttpResponse {
    let Some(target) = state.target.lock().unwrap().clone() else {
        return HttpResponse::ServiceUnavailable().finish();
    };
    let (trapped, moment) = caught(&state, &request);
    if moment == Some(Moment::Before) {
        spring(trapped).await;
        return HttpResponse::ServiceUnavailable().finish();
    }
    let answer = forward(&http, &target, &request, body).await;
    if moment == Some(Moment::After) {
        spring(trapped).await;
        return HttpResponse::ServiceUnavailable().finish();
    }
    answer
}

fn caught(state: &State, request: &HttpRequest) -> (Option<Armed>, Option<Moment>) {
    let mut armed = state.armed.lock().unwrap();
    let fits = armed.as_ref().is_some_and(|armed| {
        let last = request.path().rsplit('/').next().unwrap_or("");
        let ends = if armed.trap.ends.is_empty() { last.len() == 36 } else { last == armed.trap.ends };
        request.method().as_str() == armed.trap.method.as_str() && ends
    });
    if !fits {
        return (None, None);
    }
    let caught = armed.take();
    let moment = caught.as_ref().map(|armed| armed.trap.moment);
    (caught, moment)
}

async fn spring(armed: Option<Armed>) {
    let Some(armed) = armed else { return };
    if armed.sprung.send(()).is_ok() {
        // The test may drop its end instead of using it; either way we go on.
        drop(armed.go_on.await);
    }
}

async fn forward(http: &reqwest::Client, target: &str, request: &HttpRequest, body: Bytes) -> HttpResponse {
    let method = Method::from_bytes(request.method().as_str().as_bytes()).unwrap();
    let mut forwarded = http.request(method, format!("{target}{}", request.uri())).body(body.to_vec());
    for (name, value) in request.headers() {
        if !["host", "content-length", "connection"].contains(&name.as_str()) {
            forwarded = forwarded.header(name.as_str(), value.as_bytes());
        }
    }
    let Ok(answer) = forwarded.send().await else { return HttpResponse::BadGateway().finish() };
    let mut response = HttpResponse::build(actix_web::http::StatusCode::from_u16(answer.status().as_u16()).unwrap());
    for (name, value) in answer.headers() {
        if !["content-length", "connection", "transfer-encoding"].contains(&name.as_str()) {
            response.append_header((name.as_str(), value.as_bytes()));
        }
    }
    response.body(answer.bytes().await.unwrap())
}
