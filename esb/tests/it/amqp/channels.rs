//! Message channels: what goes in comes out, byte for byte.

use std::collections::BTreeMap;

use lapin::BasicProperties;
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, FieldArray, ShortString};

use serde_json::{Value, json};

use super::sender::{command, consume, header, next};
use super::stage::{Stage, echo};

const MANY: usize = 2_000;

#[actix_web::test]
async fn any_message_passes_as_it_is() {
    let stage = Stage::set(Vec::new(), echo).await;
    let mut out = consume(&stage.sender.channel, "service_a_queue").await;
    let headers = [
        ("text", AMQPValue::LongString("\u{e4}\u{0}".into())),
        ("number", AMQPValue::Double(0.1)),
        ("list", AMQPValue::FieldArray(FieldArray::from(vec![AMQPValue::Void, AMQPValue::Boolean(true)]))),
        ("CC", AMQPValue::FieldArray(FieldArray::from(vec![AMQPValue::LongString("dead_letters".into())]))),
    ];
    let headers = BTreeMap::from(headers.map(|(name, value)| (ShortString::from(name), value)));
    let full = BasicProperties::default()
        .with_content_type("text/x-odd; a=b".into())
        .with_content_encoding("gzip".into())
        .with_headers(headers.into())
        .with_delivery_mode(2)
        .with_priority(9)
        .with_correlation_id("c".into())
        .with_reply_to("r".into())
        .with_message_id("m".into())
        .with_timestamp(7)
        .with_type("t".into())
        .with_user_id("somebody-else".into())
        .with_app_id("a".into());
    let all_bytes = (0..=255).cycle().take(300_000).collect::<Vec<u8>>();
    let messages =
        [(Vec::new(), BasicProperties::default()), (b"{".to_vec(), full), (all_bytes, BasicProperties::default())];
    for (body, properties) in messages {
        stage.sender.post("service_a", &body, properties.clone()).await;
        let passed = next(&mut out).await;
        assert!(passed.data == body, "{} of {} bytes", passed.data.len(), body.len());
        assert_eq!((passed.properties, passed.routing_key.as_str()), (properties, "service_a"));
    }
    stage.sender.expect_no_letters().await;
}

#[actix_web::test]
async fn many_pass_in_their_order_and_none_is_left() {
    let stage = Stage::set(Vec::new(), echo).await;
    let mut out = consume(&stage.sender.channel, "service_a_queue").await;
    let mut sent = Vec::new();
    for number in 0..MANY {
        let (exchange, key, options) = ("esb_exchange".into(), "service_a".into(), BasicPublishOptions::default());
        let body = number.to_string();
        let publish =
            stage.sender.channel.basic_publish(exchange, key, options, body.as_bytes(), BasicProperties::default());
        sent.push(publish.await.unwrap());
    }
    for confirm in sent {
        assert!(confirm.await.unwrap().is_ack());
    }
    for number in 0..MANY {
        assert_eq!(next(&mut out).await.data, number.to_string().as_bytes());
    }
    let metrics = stage.bus.get("/metrics").await.text;
    assert!(
        metrics.contains(&format!("esb_messages_total{{route=\"service-a\",outcome=\"passed\"}} {MANY}")),
        "{metrics}"
    );
}

/// What order-service says of a confirmed order, with this total.
fn confirmed(total: &Value) -> String {
    let (id, at) = ("0190a5f0-0000-7000-8000-000000000001", "2026-01-01T00:00:00Z");
    let money = json!({"amount": 4990, "currency": "EUR"});
    let line = json!({"product_id": id, "sku": "L-1", "name": "Lamp <\u{e4}>", "quantity": 1, "unit_price": money, "total": money});
    let order = json!({
        "id": id, "customer_id": id, "status": "confirmed", "items": [line], "total": total, "refund": "none",
        "history": [], "created_at": at, "updated_at": at,
    });
    let event = json!({
        "specversion": "1.0", "id": id, "source": "/order-service", "type": "order.confirmed", "subject": id, "time": at,
        "datacontenttype": "application/json", "requestid": "confirm-17", "data": order,
    });
    event.to_string()
}

#[actix_web::test]
async fn an_event_goes_on_as_an_xml_document() {
    let stage = Stage::set(Vec::new(), echo).await;
    let mut out = consume(&stage.sender.channel, "warehouse.orders").await;
    let spoilt = confirmed(&json!("much"));
    stage.sender.publish(("domain_events", "order.confirmed"), spoilt.as_bytes(), BasicProperties::default()).await;
    let letter = stage.sender.letter().await;
    assert_eq!(header(&letter, "x-dead-reason").unwrap(), "schema-violation");
    assert!(header(&letter, "x-dead-detail").unwrap().contains("/total"));
    assert_eq!(letter.data, spoilt.as_bytes());
    assert_eq!(header(&letter, "x-dead-exchange").unwrap(), "domain_events", "a replay goes where it came from");
    let event = confirmed(&json!({"amount": 4990, "currency": "EUR"}));
    stage.sender.publish(("domain_events", "order.confirmed"), event.as_bytes(), BasicProperties::default()).await;
    let passed = next(&mut out).await;
    let xml = String::from_utf8(passed.data.clone()).unwrap();
    assert!(
        xml.contains("<order xmlns=\"urn:ecommerce-soa:v1\"") && xml.contains("<name>Lamp &lt;\u{e4}&gt;</name>"),
        "{xml}"
    );
    assert_eq!(header(&passed, "cloudEvents:type").unwrap(), "order.confirmed");
    assert_eq!(header(&passed, "cloudEvents:requestid").unwrap(), "confirm-17");
    assert_eq!(passed.properties.content_type().as_ref().unwrap().as_str(), "application/xml; charset=utf-8");
}

#[actix_web::test]
async fn a_channel_may_turn_xml_into_json() {
    let stage = Stage::set(Vec::new(), echo).await;
    let mut out = consume(&stage.sender.channel, "warehouse.orders.json").await;
    let wish =
        "<place_order><items><item><product_id>p</product_id><quantity>007</quantity></item></items></place_order>";
    stage.sender.post("warehouse.wishes", wish, command("m")).await;
    let passed = next(&mut out).await;
    let json: Value = serde_json::from_slice(&passed.data).unwrap();
    assert_eq!(json, json!({"items": [{"product_id": "p", "quantity": 7}]}));
    assert_eq!(passed.properties.message_id().as_ref().unwrap().as_str(), "m");
    stage.sender.post("warehouse.wishes", "<place_order>", command("n")).await;
    assert_eq!(header(&stage.sender.letter().await, "x-dead-reason").unwrap(), "unparsable");
}
