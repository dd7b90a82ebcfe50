//! Registering under a key.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Answer, Bus};
use crate::upstream::Upstream;

impl Bus {
    async fn register_under(&self, key: &str, body: &Value) -> Answer {
        let request = self.ask(Method::POST, "/registry/register").header("idempotency-key", key);
        self.send(request.bearer_auth(self.registrar()).json(body)).await
    }
}

fn shelf(url: &str) -> Value {
    json!({"name": "shelf-service", "url": url, "lease_seconds": 600})
}

#[actix_web::test]
async fn a_registration_is_done_once() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let first = bus.register_under("k", &shelf("http://127.0.0.1:9")).await;
    assert_eq!((first.status, first.is_replayed()), (201, false), "{}", first.text);
    let again = bus.register_under("k", &shelf("http://127.0.0.1:9")).await;
    assert_eq!((again.status, again.is_replayed(), &again.text), (201, true, &first.text));
    let other = bus.register_under("k", &shelf("http://127.0.0.1:10")).await;
    assert_eq!(other.told(), "422 idempotency-mismatch");
    assert_eq!(bus.addresses("shelf-service").await, ["http://127.0.0.1:9"]);
    let renewed = bus.register(&shelf("http://127.0.0.1:9")).await;
    assert_eq!((renewed.status, renewed.is_replayed()), (200, false), "without a key a lease is renewed");
    assert_ne!(renewed.body["lease_expires_at"], first.body["lease_expires_at"]);
}

#[actix_web::test]
async fn what_was_refused_may_be_mended_under_its_key() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    assert_eq!(bus.register_under("k", &shelf("no address")).await.told(), "422 invalid-request");
    let unknown = json!({"name": "shelf-service", "url": "http://127.0.0.1:9", "leese": 5});
    assert_eq!(bus.register_under("k", &unknown).await.pointers(), ["/leese"]);
    let mended = bus.register_under("k", &shelf("http://127.0.0.1:9")).await;
    assert_eq!((mended.status, mended.is_replayed()), (201, false), "{}", mended.text);
    let nobody = bus.ask(Method::POST, "/registry/register").header("idempotency-key", "k");
    let nobody = bus.send(nobody.json(&shelf("http://127.0.0.1:9"))).await;
    assert_eq!(nobody.told(), "401 authentication-required");
}

#[actix_web::test]
async fn in_xml_it_is_the_same_command() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let first = bus.register_under("k", &shelf("http://127.0.0.1:9")).await;
    let document = "<register_service xmlns=\"urn:ecommerce-soa:v1\"><lease_seconds>600</lease_seconds>\
                    <name>shelf-service</name><url>http://127.0.0.1:9</url></register_service>";
    let request = bus.ask(Method::POST, "/registry/register").header("idempotency-key", "k");
    let request = request.bearer_auth(bus.registrar()).header("content-type", "application/xml");
    let again = bus.send(request.header("accept", "application/xml").body(document)).await;
    assert_eq!((again.status, again.is_replayed()), (201, true), "{}", again.text);
    let instance = first.body["instance"].as_str().unwrap();
    assert!(again.text.contains(&format!("<instance>{instance}</instance>")), "{}", again.text);
}
