//! The description of the messages.

use serde_json::{Value, json};

use crate::fixture::Bus;
use crate::upstream::Upstream;

async fn described() -> Value {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let answer = bus.get("/asyncapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    answer.body
}

fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        _ => Vec::new(),
    }
}

fn resolve<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(reference.strip_prefix('#')?)
}

#[actix_web::test]
async fn every_reference_leads_somewhere() {
    let document = described().await;
    let broken = references(&document).into_iter().filter(|one| resolve(&document, one).is_none()).collect::<Vec<_>>();
    assert_eq!(broken, Vec::<&str>::new());
    let used = references(&document);
    for part in ["messages", "schemas"] {
        for name in document["components"][part].as_object().unwrap().keys() {
            let own = format!("#/components/{part}/{name}");
            assert!(used.contains(&own.as_str()), "{own} is used by nobody");
        }
    }
}

#[actix_web::test]
async fn operations_are_asked_by_key_and_answered_where_the_caller_says() {
    let document = described().await;
    let operations = document["operations"].as_object().unwrap();
    let received = operations.iter().filter(|(_, one)| one["action"] == "receive").map(|(key, _)| key.as_str());
    let wanted = [
        "customer.get",
        "customer.register",
        "order.cancel",
        "order.get",
        "order.place",
        "payment.get",
        "payment.refund",
    ];
    assert_eq!(received.collect::<Vec<_>>(), wanted);
    for key in wanted {
        let operation = &operations[key];
        let channel = resolve(&document, operation["channel"]["$ref"].as_str().unwrap()).unwrap();
        assert_eq!(
            (&channel["address"], &channel["bindings"]["amqp"]["exchange"]["name"]),
            (&json!(key), &json!("esb_exchange"))
        );
        let replies = resolve(&document, operation["reply"]["channel"]["$ref"].as_str().unwrap()).unwrap();
        assert!(replies["address"].is_null() && replies["messages"]["Problem"].is_object(), "{key}");
    }
    let place = &document["components"]["messages"]["order.place"];
    assert_eq!(place["payload"]["$ref"], "#/components/schemas/PlaceOrder");
    assert_eq!(place["headers"]["required"], json!(["message_id"]));
    let refund = &document["components"]["schemas"]["payment.refund"];
    assert!(refund["properties"]["amount"].is_object() && refund["properties"]["id"]["format"] == "uuid");
    assert_eq!(refund["required"], json!(["reason", "id"]));
}

#[actix_web::test]
async fn all_that_happens_is_told_as_cloud_events() {
    let document = described().await;
    let told = document["operations"].as_object().unwrap().iter().filter(|(_, one)| one["action"] == "send");
    let told = told.map(|(key, _)| key.as_str()).collect::<Vec<_>>();
    assert_eq!(told.len(), 11);
    for key in told {
        let exchange = &document["channels"][key]["bindings"]["amqp"]["exchange"];
        assert_eq!((&exchange["name"], &exchange["type"]), (&json!("domain_events"), &json!("topic")), "{key}");
        let payload = &document["components"]["messages"][key]["payload"];
        assert_eq!(payload["properties"]["type"]["const"], key);
        let data = resolve(&document, payload["properties"]["data"]["$ref"].as_str().unwrap()).unwrap();
        assert!(data["properties"]["id"].is_object(), "{key}");
    }
}
