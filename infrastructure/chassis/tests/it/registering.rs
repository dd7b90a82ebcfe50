//! A server tells the bus where it is, and goes on serving when the bus does not listen.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chassis::{Running, Service, Tasks, settings};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

use crate::fixture::{client, http};

/// A bus that notes what it is told, and fails as often as it should.
#[derive(Clone, Default)]
struct Bus {
    told: Arc<Mutex<Vec<(String, String, Value)>>>,
    failures: Arc<Mutex<Vec<Option<u16>>>>,
}

impl Bus {
    fn start(&self) -> String {
        let bus = self.clone();
        let server = HttpServer::new(move || {
            let bus = bus.clone();
            App::new().default_service(web::to(move |request: HttpRequest, body: web::Bytes| {
                std::future::ready(bus.answer(&request, &body))
            }))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        format!("http://{address}")
    }

    fn answer(&self, request: &HttpRequest, body: &[u8]) -> HttpResponse {
        let line = format!("{} {}", request.method(), request.path());
        let said = request.headers().get("authorization").map_or("", |value| value.to_str().unwrap()).to_owned();
        let document = serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into());
        self.told.lock().unwrap().push((line.clone(), said, document));
        if let Some(status) = self.failures.lock().unwrap().pop().flatten() {
            return HttpResponse::build(status.try_into().unwrap()).finish();
        }
        match line.as_str() {
            "POST /auth/token" => HttpResponse::Ok().json(json!({"access_token": "t1", "expires_in": 900})),
            "POST /registry/register" => {
                HttpResponse::Created().json(json!({"instance": "i-1", "lease_expires_at": "2026-01-02T03:04:05Z"}))
            }
            _ => HttpResponse::NoContent().finish(),
        }
    }

    fn lines(&self) -> Vec<String> {
        self.told.lock().unwrap().iter().map(|(line, ..)| line.clone()).collect()
    }

    async fn hears(&self, count: usize, line: &str) {
        let heard = async {
            while self.lines().iter().filter(|one| *one == line).count() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), heard).await.expect(line);
    }
}

fn registry(url: &str) -> settings::Registry {
    settings::Registry {
        url: url.to_owned(),
        public_url: String::new(),
        token_url: String::new(),
        client_id: "services".to_owned(),
        client_secret: "s3cret".to_owned().into(),
        lease_s: 5,
    }
}

fn serve(registry: &settings::Registry, tasks: &Tasks) -> Running {
    let service = Service::new(&http(), &OpenApi::default(), tasks).unwrap();
    service.registered("shop-service", registry).start(|_| {}).unwrap()
}

const REGISTER: &str = "POST /registry/register";

#[actix_web::test]
async fn it_says_where_it_is_again_and_again_and_that_it_goes() {
    let (bus, tasks) = (Bus::default(), Tasks::new());
    let running = serve(&registry(&bus.start()), &tasks);
    let own = format!("http://{}", running.addr);
    let ended = actix_web::rt::spawn(running.until_stopped());
    bus.hears(2, REGISTER).await;
    tasks.stop();
    ended.await.unwrap().unwrap();
    let told = bus.told.lock().unwrap().clone();
    let (token, first) = (&told[0], &told[1]);
    assert!(token.0 == "POST /auth/token" && token.1.starts_with("Basic "), "{token:?}");
    assert_eq!(token.2, "grant_type=client_credentials&scope=registry");
    assert_eq!((first.0.as_str(), first.1.as_str()), (REGISTER, "Bearer t1"));
    let wanted = json!({
        "name": "shop-service", "url": own, "version": env!("CARGO_PKG_VERSION"),
        "openapi_url": format!("{own}/openapi.json"), "lease_seconds": 5,
    });
    assert_eq!(first.2, wanted);
    assert_eq!(bus.lines().iter().filter(|line| line.contains("/auth/token")).count(), 1, "a token serves long");
    assert_eq!(told.last().unwrap().0, "DELETE /registry/services/shop-service/i-1");
}

#[actix_web::test]
async fn a_bus_that_is_in_trouble_is_told_later_and_nobody_waits_for_it() {
    let (bus, tasks) = (Bus::default(), Tasks::new());
    // The last comes first: no token, then one that is refused, then a fault.
    *bus.failures.lock().unwrap() = vec![Some(500), None, Some(401), None, Some(503)];
    let running = serve(&registry(&bus.start()), &tasks);
    let live = format!("http://{}/health/live", running.addr);
    let ended = actix_web::rt::spawn(running.until_stopped());
    assert_eq!(client().get(&live).send().await.unwrap().status(), 200, "it serves meanwhile");
    bus.hears(3, REGISTER).await;
    let (token, register) = ("POST /auth/token", REGISTER);
    assert_eq!(bus.lines()[..6], [token, token, register, token, register, register]);
    tasks.stop();
    ended.await.unwrap().unwrap();
}

#[actix_web::test]
async fn nobody_is_told_where_no_bus_is_named_and_a_bus_that_is_gone_holds_up_no_stop() {
    for url in ["", "http://127.0.0.1:1"] {
        let tasks = Tasks::new();
        let running = serve(&registry(url), &tasks);
        let ended = actix_web::rt::spawn(running.until_stopped());
        tasks.stop();
        ended.await.unwrap().unwrap();
    }
}

#[test]
fn what_others_could_not_reach_is_a_mistake() {
    let mut http = http();
    let good = registry("http://esb:8080");
    assert_eq!(good.mistakes(&http), Vec::<String>::new());
    http.listen.set_ip([0, 0, 0, 0].into());
    assert_eq!(good.mistakes(&http), ["registry.public_url: must be set where http.listen names no address"]);
    let public = settings::Registry { public_url: "http://order:8002".to_owned(), ..good.clone() };
    assert_eq!(public.mistakes(&http), Vec::<String>::new());
    let wrong =
        settings::Registry { url: "esb:8080".to_owned(), client_secret: String::new().into(), lease_s: 0, ..public };
    assert_eq!(wrong.mistakes(&http).len(), 3);
    assert_eq!(registry("").mistakes(&http), Vec::<String>::new(), "off");
}
