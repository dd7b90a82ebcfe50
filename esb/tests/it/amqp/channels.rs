//! Message channels: what goes in comes out, byte for byte.

use std::collections::BTreeMap;

use lapin::BasicProperties;
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, FieldArray, ShortString};

use super::sender::{consume, next};
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
