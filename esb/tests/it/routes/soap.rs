//! By SOAP everything is as by HTTP: who may, how often, and that a command is done once.

use std::sync::{Arc, OnceLock};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use testbed::Issuer;

use super::wsdl::{described, description};
use crate::fixture::{Answer, Bus, until};
use crate::upstream::{Reply, Seen, Upstream};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const GET: &str = "<GetOrder xmlns='urn:ecommerce-soa:v1'><id>7</id></GetOrder>";
const CANCEL: &str = "<CancelOrder xmlns='urn:ecommerce-soa:v1'><id>7</id><reason>late</reason></CancelOrder>";

fn envelope(header: &str, body: &str) -> String {
    format!("<s:Envelope xmlns:s='{SOAP}'><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>")
}

fn message_id(id: &str) -> String {
    format!("<MessageID xmlns='http://www.w3.org/2005/08/addressing'>{id}</MessageID>")
}

fn username(id: &str, secret: &str) -> String {
    let token = format!("<w:Username>{id}</w:Username><w:Password>{secret}</w:Password>");
    format!("<w:Security xmlns:w='{WSSE}'><w:UsernameToken>{token}</w:UsernameToken></w:Security>")
}

impl Bus {
    fn call(&self, header: &str, body: &str) -> RequestBuilder {
        let post = self.ask(Method::POST, "/soap").header("content-type", "text/xml; charset=utf-8");
        post.body(envelope(header, body))
    }
}

impl Answer {
    /// `500 soap:Client 404 not-found`, or the status and the body's content.
    fn fault(&self) -> String {
        let inside = |open: &str| Some(self.text.split_once(open)?.1.split_once("</")?.0.to_owned());
        let Some(code) = inside("<faultcode>") else {
            let content = self.text.split_once("<soap:Body>").and_then(|(_, rest)| rest.split_once("</soap:Body>"));
            return format!("{} {}", self.status, content.map_or("", |(content, _)| content));
        };
        let kind = inside("<type>urn:problem:").unwrap_or_default();
        format!("{} {code} {} {kind}", self.status, inside("<status>").unwrap_or_default())
    }
}

/// Gives tokens for the right secret, and orders.
fn shop(seen: &Seen, issuer: &OnceLock<Arc<Issuer>>) -> Reply {
    if seen.line != "POST /auth/token" {
        return Reply::Json(
            200,
            json!({"id": seen.line, "cancel_reason": seen.json()["reason"].as_str().unwrap_or("")}),
        );
    }
    // `crm:s3cret`
    if seen.header("authorization").as_deref() != Some("Basic Y3JtOnMzY3JldA==") {
        return Reply::Json(401, json!({"error": "invalid_client"}));
    }
    let token = issuer.get().unwrap().client("crm", &["orders:place"]);
    Reply::Json(200, json!({"access_token": token, "expires_in": 900}))
}

async fn bus(changes: Vec<(&'static str, String)>) -> (Upstream, Bus) {
    let place = Arc::new(OnceLock::new());
    let told = Arc::clone(&place);
    let upstream = Upstream::described(description(), move |seen| std::future::ready(shop(&seen, &told)));
    let bus = Bus::changed(&upstream, changes).await;
    assert!(place.set(Arc::clone(&bus.issuer)).is_ok());
    until("the services are known", async || bus.get("/soap?wsdl").await.status == 200).await;
    (upstream, bus)
}

#[actix_web::test]
async fn whoever_may_by_http_may_by_soap() {
    let (upstream, bus) = described(async |seen: Seen| {
        let list = seen.line.starts_with("GET /orders?");
        Reply::Json(200, if list { json!({"items": []}) } else { json!({"id": seen.line}) })
    })
    .await;
    let nobody = bus.send(bus.call("", GET)).await;
    assert_eq!(nobody.fault(), "401 soap:Client 401 authentication-required");
    let challenges = nobody.headers.get_all("www-authenticate").iter().map(|line| line.to_str().unwrap());
    assert_eq!(challenges.collect::<Vec<_>>(), [r#"Basic realm="ecommerce-soa""#, r#"Bearer realm="ecommerce-soa""#]);
    assert_eq!(bus.send(bus.call("", GET).bearer_auth("x.y.z")).await.fault(), "500 soap:Client 401 invalid-token");
    let other = bus.issuer.client("crm", &["customers:read"]);
    assert_eq!(bus.send(bus.call("", GET).bearer_auth(other)).await.fault(), "500 soap:Client 403 forbidden");
    assert_eq!(upstream.seen().len(), 0);
    let token = bus.issuer.client("shop", &["orders:place"]);
    let read = bus.send(bus.call("", GET).bearer_auth(&token)).await;
    assert!(read.fault().contains("<id>GET /orders/7</id></GetOrderResponse>"), "{}", read.fault());
    assert_eq!((read.header("content-type"), read.header("cache-control")), ("text/xml; charset=utf-8", "no-store"));
    assert!(read.headers.contains_key("ratelimit-limit"));
    let named = bus.send(bus.call(&message_id("a question < and its name"), GET).bearer_auth(&token)).await;
    assert_eq!(named.status, 500, "{named:?}");
    let named = bus.send(bus.call(&message_id("a question &lt; and its name"), GET).bearer_auth(&token)).await;
    assert!(named.status == 200 && named.text.contains(">a question &lt; and its name<"), "{named:?}");
    let list = bus.send(bus.call("", "<ListOrders><limit>3</limit></ListOrders>").bearer_auth(&token)).await;
    assert!(list.fault().starts_with("200 <ListOrdersResponse"), "{}", list.fault());
    assert_eq!(upstream.count("GET /orders?limit=3"), 1);
}

#[actix_web::test]
async fn a_machine_client_shows_its_secret() {
    let (upstream, bus) = bus(Vec::new()).await;
    let basic = |secret: &str| bus.call("", GET).basic_auth("crm", Some(secret));
    for _ in 0..3 {
        assert!(bus.send(basic("s3cret")).await.fault().starts_with("200 "));
    }
    assert!(bus.send(bus.call(&username("crm", "s3cret"), GET)).await.fault().starts_with("200 "));
    let by_http = |secret: &str| bus.ask(Method::GET, "/orders/7").basic_auth("crm", Some(secret));
    assert_eq!(bus.send(by_http("s3cret")).await.body["id"], "GET /orders/7");
    assert!(upstream.seen().last().unwrap().header("authorization").unwrap().starts_with("Bearer "));
    assert_eq!(upstream.count("POST /auth/token"), 1, "the token is kept");
    let wrong = bus.send(by_http("s3cre")).await;
    let challenge = r#"Basic realm="ecommerce-soa", charset="UTF-8""#;
    assert_eq!((wrong.told().as_str(), wrong.header("www-authenticate")), ("401 wrong-credentials", challenge));
    assert_eq!(bus.send(basic("s3cre")).await.fault(), "500 soap:Client 401 wrong-credentials");
    let split = bus.call(&username("crm:s3cret", ""), GET);
    assert_eq!(bus.send(split).await.fault(), "500 soap:Client 401 wrong-credentials");
    let twice = bus.call(&username("crm", "s3cret"), GET).basic_auth("crm", Some("s3cret"));
    assert_eq!(bus.send(twice).await.fault(), "500 soap:Client 400 ambiguous-credentials");
}

#[actix_web::test]
async fn a_password_in_the_envelope_comes_a_safe_way() {
    let (_, near) = bus(Vec::new()).await;
    let from = |bus: &Bus, scheme: &str| {
        let call = bus.call(&username("crm", "s3cret"), GET).header("x-forwarded-for", "203.0.113.9");
        call.header("x-forwarded-proto", scheme)
    };
    assert!(near.send(from(&near, "https")).await.fault().starts_with("200 "));
    assert_eq!(near.send(from(&near, "http")).await.fault(), "500 soap:Client 403 insecure-transport");
    let (_, never) = bus(vec![("SOAP__USERNAME_TOKEN", "never".to_owned())]).await;
    assert_eq!(never.send(from(&never, "https")).await.fault(), "500 soap:Client 403 insecure-transport");
    let (_, always) = bus(vec![("SOAP__USERNAME_TOKEN", "always".to_owned())]).await;
    assert!(always.send(from(&always, "http")).await.fault().starts_with("200 "));
}

#[actix_web::test]
async fn guessing_is_as_slow_as_elsewhere() {
    let few = [("RATE__AUTH__PER_MINUTE", "1".to_owned()), ("RATE__AUTH__BURST", "2".to_owned())];
    let (_, bus) = bus(few.into()).await;
    let guess = async || bus.send(bus.call("", GET).basic_auth("crm", Some("guess"))).await;
    assert_eq!(guess().await.fault(), "500 soap:Client 401 wrong-credentials");
    guess().await;
    let third = guess().await;
    assert_eq!(third.fault(), "500 soap:Client 429 too-many-requests");
    assert!(third.header("retry-after").parse::<u64>().unwrap() >= 1);
    let login = bus.ask(Method::POST, "/auth/token").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(bus.send(login.body("grant_type=client_credentials")).await.status, 429, "it is one count");
}

#[actix_web::test]
async fn a_command_is_done_once_by_whichever_door() {
    let (upstream, bus) = bus(Vec::new()).await;
    let token = bus.issuer.client("shop", &["orders:place"]);
    let call = async |id: &str, body: &str| bus.send(bus.call(&message_id(id), body).bearer_auth(&token)).await;
    let first = call("urn:uuid:1", CANCEL).await;
    assert!(first.fault().contains("<cancel_reason>late</cancel_reason>"), "{first:?}");
    assert!(first.text.contains("<wsa:RelatesTo>urn:uuid:1</wsa:RelatesTo>"), "{first:?}");
    let second = call("urn:uuid:1", CANCEL).await;
    assert!(second.is_replayed() && second.fault() == first.fault(), "{second:?}");
    let other = call("urn:uuid:1", &CANCEL.replace("late", "never")).await;
    assert_eq!(other.fault(), "500 soap:Client 422 idempotency-mismatch");
    assert!(other.text.contains("RelatesTo>urn:uuid:1<"), "{other:?}");
    let by_http = bus.ask(Method::POST, "/orders/7/cancel").bearer_auth(&token).header("idempotency-key", "urn:uuid:1");
    assert!(bus.send(by_http.json(&json!({"reason": "late"}))).await.is_replayed());
    assert_eq!(upstream.count("POST /orders/7/cancel"), 1);
    let named =
        |key: &str| bus.call(&message_id("urn:uuid:2"), CANCEL).bearer_auth(&token).header("idempotency-key", key);
    assert_eq!(bus.send(named("urn:uuid:3")).await.fault(), "500 soap:Client 422 invalid-idempotency-key");
    assert!(bus.send(named("urn:uuid:2")).await.fault().starts_with("200 "));
}

#[actix_web::test]
async fn what_is_wrong_is_a_fault_with_the_problem_in_it() {
    let (_, bus) = described(async |_| {
        Reply::With(
            409,
            vec![("content-type", "application/problem+json")],
            json!({
                "type": "urn:problem:out-of-stock", "title": "Out of stock", "status": 409, "detail": "2 < 3\u{1}",
            })
            .to_string(),
        )
    })
    .await;
    let token = bus.issuer.client("shop", &["orders:place"]);
    let call = async |body: &str| bus.send(bus.call("", body).bearer_auth(&token)).await;
    let told = call(GET).await;
    assert_eq!(told.fault(), "500 soap:Client 409 out-of-stock");
    assert!(told.text.contains("<faultstring>Out of stock: 2 &lt; 3\u{FFFD}</faultstring>"), "{}", told.text);
    assert!(told.text.contains("<problem xmlns=\"urn:ietf:rfc:7807\">"), "{}", told.text);
    let wrong = call("<GetOrder xmlns='urn:ecommerce-soa:v1'>\n<ids>7</ids></GetOrder>").await;
    assert_eq!(wrong.fault(), "500 soap:Client 422 invalid-request");
    assert!(wrong.text.contains("<line>2</line><column>1</column>"), "{}", wrong.text);
    assert_eq!(call("<GetOrder><id>../x</id></GetOrder>").await.fault(), "500 soap:Client 422 invalid-request");
    assert_eq!(call("<DropOrders/>").await.fault(), "500 soap:Client 404 not-found");
    assert_eq!(call("<GetOrder>").await.fault(), "500 soap:Client 400 malformed-body");
    let action = |action: &str| bus.call("", GET).bearer_auth(&token).header("soapaction", action.to_owned());
    assert_eq!(
        bus.send(action("\"urn:ecommerce-soa:v1/CancelOrder\"")).await.fault(),
        "500 soap:Client 400 action-mismatch"
    );
    for fine in ["\"\"", "", "\"urn:ecommerce-soa:v1/GetOrder\"", "urn:ecommerce-soa:v1/GetOrder"] {
        assert_eq!(bus.send(action(fine)).await.fault(), "500 soap:Client 409 out-of-stock", "{fine}");
    }
    let large = call(&format!("<GetOrder><id>{}</id></GetOrder>", "7".repeat(1 << 20))).await;
    assert_eq!(large.fault(), "500 soap:Client 413 body-too-large");
    let json = bus.ask(Method::POST, "/soap").bearer_auth(&token).json(&json!({}));
    assert_eq!(bus.send(json).await.told(), "415 unsupported-media-type");
}

#[actix_web::test]
async fn operators_see_the_documents_and_no_secrets() {
    let (_, bus) = bus(Vec::new()).await;
    let secret = "<CancelOrder><id>7</id><password>hunter2</password></CancelOrder>";
    bus.send(bus.call(&username("crm", "s3cret"), secret)).await;
    bus.send(bus.call(&username("crm", "s3cret"), CANCEL)).await;
    let register = bus.call("", "<RegisterCustomer><password>hunter2</password></RegisterCustomer>");
    bus.send(register).await;
    let operator = bus.issuer.operator();
    let list =
        async || bus.get_as(&operator, "/esb/messages?door=soap").await.body["items"].as_array().unwrap().clone();
    until("all are noted", async || list().await.len() == 3).await;
    let mut seen = Vec::new();
    for item in list().await {
        let path = format!("/esb/messages/{}", item["id"].as_str().unwrap());
        let message = bus.get_as(&operator, &path).await;
        assert!(!message.text.contains("hunter2") && !message.text.contains("s3cret"), "{}", message.text);
        seen.push((item["operation"].clone(), item["caller"].clone(), message.body["request"]["body"].clone()));
    }
    let client = json!("client:crm");
    assert_eq!(seen[0], (json!("RegisterCustomer"), Value::Null, Value::Null));
    assert_eq!(seen[1], (json!("CancelOrder"), client.clone(), json!(r#"{"id":"7","reason":"late"}"#)));
    assert_eq!((&seen[2].0, &seen[2].1), (&json!("CancelOrder"), &client));
}
