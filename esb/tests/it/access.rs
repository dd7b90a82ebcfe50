//! Who is let in, how often, and with what.

use contracts::{Customer, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::Bus;
use crate::upstream::Upstream;

#[actix_web::test]
async fn a_token_comes_before_everything_else() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    let id = Id::<Customer>::mint();
    let nobody = bus.send(bus.ask(Method::PATCH, &format!("/customers/{id}")).body("{ broken")).await;
    assert_eq!(nobody.told(), "401 authentication-required");
    assert!(nobody.header("www-authenticate").starts_with("Bearer"));
    let forged = bus.get_as("e30.e30.e30", "/customers/me").await;
    assert_eq!(forged.told(), "401 invalid-token");
    let order = bus.send(bus.ask(Method::POST, "/orders").body("{ broken")).await;
    assert_eq!(order.told(), "401 authentication-required");
    assert_eq!(upstream.seen().len(), 0);
}

#[actix_web::test]
async fn a_route_is_for_certain_roles_and_scopes() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    let customer = bus.issuer.customer(Id::<Customer>::mint());
    assert_eq!(bus.get_as(&customer, "/customers").await.told(), "403 forbidden");
    assert_eq!(bus.get_as(&bus.issuer.operator(), "/customers").await.told(), "200");
    assert_eq!(bus.get_as(&bus.issuer.client("crm", &["customers:read"]), "/customers").await.told(), "200");
    assert_eq!(bus.get_as(&bus.issuer.client("shop", &["orders:place"]), "/customers").await.told(), "403 forbidden");
    assert_eq!(bus.get("/products").await.told(), "200");
}

#[actix_web::test]
async fn only_json_goes_in_and_out() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    let operator = bus.issuer.operator();
    let html = bus.ask(Method::GET, "/products").header("accept", "text/html");
    assert_eq!(bus.send(html).await.told(), "406 not-acceptable");
    let text = bus.ask(Method::POST, "/products").bearer_auth(&operator).body("sku=1");
    assert_eq!(bus.send(text).await.told(), "415 unsupported-media-type");
    let form = bus.ask(Method::POST, "/auth/token").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(bus.send(form.body("grant_type=client_credentials")).await.told(), "200");
    let patch = bus.ask(Method::POST, "/products").header("content-type", "application/merge-patch+json");
    assert_eq!(bus.send(patch.bearer_auth(&operator).body("{}")).await.told(), "200");
}

#[actix_web::test]
async fn those_who_ask_too_often_are_told_when_to_come_back() {
    let upstream = Upstream::saying(200, json!({}));
    let few = [("RATE__AUTH__PER_MINUTE", "6".to_owned()), ("RATE__AUTH__BURST", "2".to_owned())];
    let bus = Bus::changed(&upstream, few.into()).await;
    let login = async || {
        let login = bus.ask(Method::POST, "/auth/login").json(&json!({"email": "a@b.c", "password": "12345678"}));
        bus.send(login).await
    };
    let first = login().await;
    assert_eq!((first.status, first.header("ratelimit-limit"), first.header("ratelimit-remaining")), (200, "2", "1"));
    login().await;
    let third = login().await;
    assert_eq!(third.told(), "429 too-many-requests");
    assert!((1..=10).contains(&third.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!((third.header("ratelimit-remaining"), upstream.seen().len()), ("0", 2));
    assert_eq!(bus.get("/products").await.status, 200, "another limit is another count");
}

#[actix_web::test]
async fn strangers_cannot_borrow_another_address() {
    let upstream = Upstream::saying(200, json!({}));
    let changes = [("RATE__AUTH__BURST", "1".to_owned()), ("RATE__AUTH__PER_MINUTE", "1".to_owned())];
    let trusting = Bus::changed(&upstream, changes.clone().into()).await;
    let alone = [("PROXY__TRUSTED", "10.0.0.0/8".to_owned())];
    let alone = Bus::changed(&upstream, changes.into_iter().chain(alone).collect()).await;
    for (bus, second) in [(trusting, 200), (alone, 429)] {
        let login =
            |from: &str| bus.ask(Method::POST, "/auth/login").header("x-forwarded-for", from).json(&Value::Null);
        assert_eq!(bus.send(login("198.51.100.1")).await.status, 200);
        assert_eq!(bus.send(login("198.51.100.2")).await.status, second);
    }
}

#[actix_web::test]
async fn paths_and_methods_that_are_not_there_are_said_to_be() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    assert_eq!(bus.get("/nothing/here").await.told(), "404 not-found");
    let wrong = bus.send(bus.ask(Method::DELETE, "/products")).await;
    assert_eq!((wrong.told().as_str(), wrong.header("allow")), ("405 method-not-allowed", "GET, POST, HEAD"));
    let own = bus.send(bus.ask(Method::DELETE, "/esb/sagas")).await;
    assert_eq!((own.told().as_str(), own.header("allow")), ("405 method-not-allowed", "GET"));
    let twice = bus.send(bus.ask(Method::POST, "/customers/me")).await;
    assert_eq!(twice.header("allow"), "GET, PATCH, DELETE, HEAD");
}

#[actix_web::test]
async fn no_operation_of_the_bus_passes_over_a_parameter_that_it_does_not_know() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    // Who registers services is not who operates the bus; here one may do all.
    let operator = bus.issuer.token("0190a1b2-0000-7000-8000-00000000000f", &["operator"], &["registry"]);
    let document = serde_json::to_value(esb::openapi()).unwrap();
    let own = |path: &str| ["/esb/", "/registry/", "/asyncapi.json"].iter().any(|start| path.starts_with(start));
    let operations = testbed::judge::operations(&document);
    for (method, path) in operations.into_iter().filter(|(_, path)| own(path) || path.ends_with("/events")) {
        let refused = bus.send(bus.ask(method.clone(), &format!("{path}?zzz=1")).bearer_auth(&operator)).await;
        assert_eq!(
            (refused.told().as_str(), refused.pointers()),
            ("422 invalid-query", vec!["/zzz"]),
            "{method} {path}"
        );
    }
}

#[actix_web::test]
async fn what_the_bus_hands_on_the_service_judges_and_tools_ask_as_they_like() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let operator = bus.issuer.operator();
    assert_eq!(bus.get_as(&operator, "/products?zzz=1").await.status, 200);
    for path in
        ["/health/ready?despite=rabbitmq", "/soap?wsdl", "/soap?zzz=1", "/schemas/order.xsd?zzz=1", "/asyncapi.json"]
    {
        let (whole, head) = (bus.get(path).await, bus.send(bus.ask(Method::HEAD, path)).await);
        assert_ne!(whole.status, 422, "{path}");
        assert_eq!((head.status, head.header("content-type")), (whole.status, whole.header("content-type")), "{path}");
        assert_eq!(head.text, "", "{path}");
    }
}
