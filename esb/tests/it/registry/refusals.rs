//! Who may register what.

use contracts::{Customer, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Bus, Changes};
use crate::upstream::Upstream;

async fn bus(changes: Changes) -> Bus {
    Bus::changed(&Upstream::saying(200, json!({})), changes).await
}

#[actix_web::test]
async fn the_registry_is_for_its_clients_and_finding_for_everybody_with_a_token() {
    let bus = bus(Vec::new()).await;
    let (customer, shop) = (bus.issuer.customer(Id::<Customer>::mint()), bus.issuer.client("shop", &["orders:place"]));
    let paths = [
        (Method::POST, "/registry/register"),
        (Method::GET, "/registry/services"),
        (Method::DELETE, "/registry/services/a/b"),
    ];
    for (method, path) in paths {
        let broken = || bus.ask(method.clone(), path).header("content-type", "application/json").body("{ broken");
        assert_eq!(bus.send(broken()).await.told(), "401 authentication-required", "{path}");
        for token in [&customer, &shop, &bus.issuer.operator()] {
            assert_eq!(bus.send(broken().bearer_auth(token)).await.told(), "403 forbidden", "{path}");
        }
    }
    assert_eq!(bus.get("/registry/discover/order-service").await.told(), "401 authentication-required");
    for token in [&customer, &shop] {
        let found = bus.get_as(token, "/registry/discover/order-service").await;
        assert_eq!((found.status, &found.body["name"]), (200, &json!("order-service")));
    }
}

#[actix_web::test]
async fn whatever_is_wrong_is_said_at_once() {
    let bus = bus(Vec::new()).await;
    let good = json!({"name": "a-1", "url": "http://127.0.0.1:9", "version": "1", "openapi_url": "http://h/o.json", "lease_seconds": 1});
    assert_eq!(bus.register(&good).await.status, 201);
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    let wrong = [
        ("name", json!("Inventory"), "/name"),
        ("name", json!("a_b"), "/name"),
        ("name", json!("../esb"), "/name"),
        ("name", json!(""), "/name"),
        ("name", json!(7), "/name"),
        ("url", json!("ftp://h"), "/url"),
        ("url", json!("http://user:pass@h"), "/url"),
        ("url", json!("http://h/?a=b"), "/url"),
        ("url", json!("http://169.254.169.254/latest/meta-data"), "/url"),
        ("url", json!("http://[::ffff:a9fe:a9fe]"), "/url"),
        ("url", Value::Null, "/url"),
        ("openapi_url", json!("file:///etc/passwd"), "/openapi_url"),
        ("openapi_url", json!("http://metadata.google.internal/"), "/openapi_url"),
        ("version", json!(""), "/version"),
        ("version", json!("1 0"), "/version"),
        ("lease_seconds", json!(0), "/lease_seconds"),
        ("lease_seconds", json!(3601), "/lease_seconds"),
        ("lease_seconds", json!(-1), "/lease_seconds"),
        ("lease_seconds", json!(5.5), "/lease_seconds"),
        ("lease", json!(5), "/lease"),
    ];
    for (field, value, pointer) in wrong {
        let answer = bus.register(&with(field, value.clone())).await;
        assert_eq!(
            (answer.told().as_str(), answer.pointers()),
            ("422 invalid-request", vec![pointer]),
            "{field}: {value}"
        );
    }
    let all = json!({"name": "A", "url": "x", "version": "", "openapi_url": "y", "lease_seconds": 0});
    let pointers = ["/name", "/url", "/openapi_url", "/version", "/lease_seconds"];
    assert_eq!(bus.register(&all).await.pointers(), pointers);
    let missing = bus.register(&json!({"name": "a"})).await;
    assert_eq!(missing.told(), "422 invalid-request");
    let broken = bus.ask(Method::POST, "/registry/register").header("content-type", "application/json").body("{");
    assert_eq!(bus.send(broken.bearer_auth(bus.registrar())).await.status, 400);
    assert_eq!(bus.get_as(&bus.registrar(), "/registry/services?limit=0").await.status, 422);
}

#[actix_web::test]
async fn nobody_else_takes_the_name_of_a_service_of_the_installation() {
    let bus = bus(Vec::new()).await;
    let thief = |name: &str| json!({"name": name, "url": "http://127.0.0.1:9"});
    for name in ["customer-service", "payment-service", "esb"] {
        assert_eq!(bus.register(&thief(name)).await.told(), "403 forbidden", "{name}");
    }
    let own = bus.issuer.client("services", &["registry"]);
    let second = Upstream::saying(200, json!({"second": true}));
    let payment = json!({"name": "order-service", "url": second.url});
    assert_eq!(bus.post_as(&own, "/registry/register", &payment).await.status, 201);
    assert_eq!(bus.get("/read/1").await.body, json!({"second": true}), "what registers counts before the settings");
}

#[actix_web::test]
async fn an_installation_says_where_services_may_be_and_how_many() {
    let changes =
        vec![("REGISTRY__HOSTS", "10.0.0.0/8 *.shop.internal".to_owned()), ("REGISTRY__INSTANCES_MAX", "2".to_owned())];
    let bus = bus(changes).await;
    let at = async |url: &str| bus.register(&json!({"name": "a", "url": url})).await;
    let elsewhere = at("http://127.0.0.1:9").await;
    assert_eq!((elsewhere.told().as_str(), elsewhere.pointers()), ("422 invalid-request", vec!["/url"]));
    assert_eq!(at("http://10.0.0.1").await.status, 201);
    assert_eq!(at("http://a.shop.internal").await.status, 201);
    assert_eq!(at("http://10.0.0.2").await.told(), "409 registry-full");
    assert_eq!(at("http://10.0.0.1").await.status, 200, "who is there may stay");
}
