//! What a registered service says about itself is part of the one description.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpResponse, web};
use chassis::settings::ClientLimits;
use esb::registry::{Documents, Outside, Resolver};
use serde_json::{Value, json};

use crate::fixture::{Bus, until};
use crate::upstream::{Reply, Upstream, serve};

fn document(summary: &str) -> Value {
    let read = json!({"summary": summary, "responses": {"200": {"description": "a shelf"}}});
    json!({"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/shelves/{id}": {"get": read}}})
}

fn described(summary: &str) -> Upstream {
    Upstream::described(document(summary), async |_| Reply::Json(200, json!({})))
}

async fn bus() -> Bus {
    Bus::before(&Upstream::saying(200, json!({}))).await
}

impl Bus {
    async fn shelf_described(&self, version: &str, openapi_url: &str) -> u16 {
        let body = json!({
            "name": "shelf-service", "url": "http://127.0.0.1:9", "version": version, "openapi_url": openapi_url,
        });
        self.register(&body).await.status
    }

    async fn summary(&self) -> Value {
        self.get("/openapi.json").await.body["paths"]["/shelves/{id}"]["get"]["summary"].clone()
    }
}

#[actix_web::test]
async fn it_comes_with_the_service_and_changes_with_it() {
    let (bus, first, second) = (bus().await, described("one"), described("two"));
    assert_eq!(bus.summary().await, Value::Null);
    assert_eq!(bus.shelf_described("1", &format!("{}/openapi.json", first.url)).await, 201);
    until("it is described", async || bus.summary().await == "one").await;
    assert_eq!(bus.shelf_described("1", &format!("{}/openapi.json", second.url)).await, 200);
    until("the other address is asked", async || bus.summary().await == "two").await;
}

#[actix_web::test]
async fn another_version_is_asked_again() {
    let told = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&told);
    let url = serve(move |config| {
        let count = std::sync::Arc::clone(&count);
        config.route(
            "/api.json",
            web::get().to(move || {
                let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
                std::future::ready(HttpResponse::Ok().json(document(&number.to_string())))
            }),
        );
    });
    let (bus, url) = (bus().await, format!("{url}/api.json"));
    bus.shelf_described("1", &url).await;
    until("it is described", async || bus.summary().await == "1").await;
    bus.shelf_described("1", &url).await;
    bus.shelf_described("2", &url).await;
    until("the new version is described", async || bus.summary().await == "2").await;
    assert_eq!(told.load(std::sync::atomic::Ordering::SeqCst), 2, "a renewal asks nobody");
}

#[actix_web::test]
async fn who_leads_elsewhere_or_says_too_much_is_not_heard() {
    let (elsewhere, honest) = (described("elsewhere"), described("honest"));
    let mut large = document("large");
    large["info"]["description"] = "x".repeat(4 << 20).into();
    let (large, led) = (large.to_string(), format!("{}/openapi.json", elsewhere.url));
    let shady = Upstream::start(move |seen| {
        std::future::ready(match seen.line.as_str() {
            "GET /led.json" => Reply::With(302, vec![("location", led.clone().leak())], document("led").to_string()),
            "GET /large.json" => Reply::With(200, Vec::new(), large.clone()),
            "GET /odd.json" => Reply::Json(200, json!([1])),
            _ => Reply::Json(404, document("lost")),
        })
    });
    let bus = bus().await;
    for path in ["led.json", "large.json", "odd.json", "missing.json"] {
        bus.shelf_described("1", &format!("{}/{path}", shady.url)).await;
        // The second question comes after what was answered to the first has been judged.
        until("it is asked twice", async || shady.count(&format!("GET /{path}")) >= 2).await;
        assert_eq!(bus.summary().await, Value::Null, "{path}");
    }
    bus.shelf_described("1", &format!("{}/openapi.json", honest.url)).await;
    until("the honest one is heard", async || bus.summary().await == "honest").await;
}

#[actix_web::test]
async fn documents_are_known_by_service_and_tell_when_they_change() {
    let shop = described("shop");
    let resolver = Resolver::fixed(&BTreeMap::from([("shop".to_owned(), shop.url.parse().unwrap())]));
    let limits = ClientLimits { timeout_ms: 30_000, connect_timeout_ms: 30_000, idle_per_host: 1 };
    // Chooses the implementation of TLS, as every binary does at its start.
    chassis::Client::new(&limits).unwrap();
    let names = BTreeSet::from(["shop".to_owned(), "nobody".to_owned()]);
    let documents = Documents::new(names, resolver, Outside::new(&limits).unwrap());
    assert!(documents.document("shop").is_none());
    let mut changes = documents.changes();
    actix_web::rt::spawn(documents.clone().keep_fresh());
    changes.changed().await.unwrap();
    assert_eq!(*documents.document("shop").unwrap(), document("shop"));
    assert!(documents.document("nobody").is_none());
}
