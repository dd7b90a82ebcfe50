//! The SOAP service describes itself, as soon as everything in it is known.

use serde_json::{Value, json};

use crate::fixture::{Bus, until};
use crate::upstream::{Reply, Seen, Upstream};

/// What our services describe of the operations that SOAP has, as far as it matters here.
pub(crate) fn description() -> Value {
    let text = json!({"type": "string"});
    let answer = |schema: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}}, "description": "x"});
    let id = json!([{"in": "path", "name": "id", "required": true, "schema": text}]);
    let read = |schema: &str| json!({"get": {"parameters": id, "responses": {"200": answer(schema)}}});
    let change = |schema: &str, status: &str| json!({"post": {"parameters": id, "requestBody": answer("Change"), "responses": {status: answer(schema)}}});
    let list = json!([{"in": "query", "name": "limit", "schema": {"type": "integer"}}]);
    let thing = |name: &str| json!({"type": "object", "properties": {"id": text, name: text}, "required": ["id"]});
    json!({
        "openapi": "3.1.0", "info": {"title": "x", "version": "1"},
        "paths": {
            "/auth/register": {"post": {"requestBody": answer("Change"), "responses": {"201": answer("SomeSession")}}},
            "/customers/{id}": read("SomeCustomer"),
            "/orders": {"get": {"parameters": list, "responses": {"200": answer("SomeOrders")}}},
            "/orders/{id}": read("SomeOrder"),
            "/orders/{id}/cancel": change("SomeOrder", "200"),
            "/payments/{id}": read("SomePayment"),
            "/payments/{id}/refunds": change("SomeRefund", "201"),
        },
        "components": {"schemas": {
            "Change": {"type": "object", "properties": {"reason": text, "password": text}},
            "SomeSession": thing("token"), "SomeCustomer": thing("name"), "SomeOrder": thing("cancel_reason"),
            "SomePayment": thing("method"), "SomeRefund": thing("reason"),
            "SomeOrders": {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/SomeOrder"}}}},
        }},
    })
}

/// A bus in front of services that have described themselves.
pub(super) async fn described<F, Fut>(behave: F) -> (Upstream, Bus)
where
    F: Fn(Seen) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Reply> + Send + 'static,
{
    let upstream = Upstream::described(description(), behave);
    let bus = Bus::before(&upstream).await;
    until("the services are known", async || bus.get("/soap?wsdl").await.status == 200).await;
    (upstream, bus)
}

#[actix_web::test]
async fn half_of_it_is_not_told() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let told = bus.get("/soap?wsdl").await;
    assert_eq!((told.told().as_str(), told.header("retry-after")), ("503 service-unavailable", "1"));
    let hint = bus.get("/soap").await;
    assert!(hint.status == 200 && hint.text.contains("/soap?wsdl"), "{hint:?}");
}

#[actix_web::test]
async fn it_tells_every_operation_and_where_it_is() {
    let (_, bus) = described(async |_| Reply::Json(200, json!({}))).await;
    let told = bus.get("/soap?WSDL").await;
    assert_eq!((told.status, told.header("content-type")), (200, "text/xml; charset=utf-8"));
    let operations = [
        "CancelOrder",
        "GetCustomer",
        "GetOrder",
        "GetPayment",
        "ListOrders",
        "PlaceOrder",
        "RefundPayment",
        "RegisterCustomer",
    ];
    for name in operations {
        assert!(told.text.contains(&format!("soapAction=\"urn:ecommerce-soa:v1/{name}\"")), "{name}: {}", told.text);
    }
    assert_eq!(told.text.matches("<soap:operation ").count(), operations.len());
    assert!(told.text.contains("<xs:element name=\"GetOrderResponse\" type=\"SomeOrder\"/>"), "{}", told.text);
    let location = |told: &str| told.split_once("location=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    assert_eq!(location(&told.text), format!("{}/soap", bus.url));
    let proxied = bus.ask(reqwest::Method::GET, "/soap?wsdl").header("x-forwarded-prefix", "/api");
    let proxied = proxied.header("x-forwarded-proto", "https").header("x-forwarded-host", "shop.example");
    assert_eq!(location(&bus.send(proxied).await.text), "https://shop.example/api/soap");
    let elsewhere = bus.twin_with(vec![("SOAP__ADDRESS", "https://x.example/?a&b".to_owned())]).await;
    until("the services are known", async || elsewhere.get("/soap?wsdl").await.status == 200).await;
    assert_eq!(location(&elsewhere.get("/soap?wsdl").await.text), "https://x.example/?a&amp;b");
}
