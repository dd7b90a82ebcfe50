//! The bus's own operations speak XML, too.

use reqwest::Method;
use serde_json::json;

use crate::fixture::{Answer, Bus};
use crate::upstream::{Reply, Upstream};

const SHELF: &str = "<register_service xmlns=\"urn:ecommerce-soa:v1\"><lease_seconds>60</lease_seconds>\
                     <name>shelf-service</name><url>http://127.0.0.1:9</url></register_service>";

impl Bus {
    async fn xml(&self, (method, path): (Method, &str), token: Option<&str>, body: &str) -> Answer {
        let request = self.ask(method, path).header("content-type", "application/xml").header("accept", "text/xml");
        let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
        self.send(request.body(body.to_owned())).await
    }
}

#[actix_web::test]
async fn a_service_registers_and_is_found_by_xml() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let token = bus.issuer.client("warehouse", &["registry"]);
    let register = (Method::POST, "/registry/register");
    let told = bus.xml(register.clone(), Some(&token), SHELF).await;
    assert_eq!((told.status, told.header("content-type")), (201, "text/xml; charset=utf-8"), "{}", told.text);
    assert!(told.text.contains("<instance>") && told.text.contains("<lease_expires_at>"), "{}", told.text);
    let found = bus.xml((Method::GET, "/registry/discover/shelf-service"), Some(&token), "").await;
    assert!(found.status == 200 && found.text.contains("<service_url>http://127.0.0.1:9</service_url>"), "{found:?}");
    let wrong = [
        (None, SHELF, 401, "authentication-required"),
        (None, "<register_service>", 401, "authentication-required"),
        (Some(&token), "<register_service>", 400, "malformed-body"),
        (Some(&token), "<register_service><nmae/></register_service>", 422, "invalid-request"),
        (Some(&token), "<register_service><name>Shelf</name><url>x</url></register_service>", 422, "invalid-request"),
    ];
    for (token, body, status, name) in wrong {
        let told = bus.xml(register.clone(), token.map(String::as_str), body).await;
        let problem = "application/problem+xml; charset=utf-8";
        assert_eq!((told.status, told.header("content-type")), (status, problem), "{body}");
        assert!(told.text.contains(&format!("<type>urn:problem:{name}</type>")), "{}", told.text);
    }
    assert_eq!(bus.get_as(&token, "/registry/discover/shelf-service").await.status, 200, "JSON is as it was");
}

#[actix_web::test]
async fn sagas_are_shown_in_xml() {
    let bus = Bus::before(&Upstream::start(async |_| Reply::HangUp)).await;
    let operator = bus.issuer.operator();
    let sagas = bus.xml((Method::GET, "/esb/sagas"), Some(&operator), "").await;
    assert!(sagas.status == 200 && sagas.text.contains("<saga_list"), "{sagas:?}");
    assert_eq!(bus.get_as(&operator, "/esb/sagas").await.body["items"], json!([]), "JSON is as it was");
}
