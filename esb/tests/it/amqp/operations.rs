//! Operations by message: asked, answered, and done once, whichever way they come.

use std::collections::BTreeMap;

use contracts::{Customer, Id};
use lapin::types::{AMQPValue, ShortString};
use reqwest::Method;
use serde_json::{Value, json};

use super::sender::{command, header, question};
use super::stage::{Stage, echo, problem};
use crate::fixture::until;
use crate::shop::{Fault, Shop, order_of};

#[actix_web::test]
async fn every_operation_is_asked_and_answered() {
    let stage = Stage::set(Vec::new(), echo).await;
    let new = json!({"email": "a@b.c", "password": "long enough", "name": "Ada"});
    let refund = json!({"amount": {"amount": 5, "currency": "EUR"}, "reason": "late"});
    let with_id = |id: &str, rest: &Value| {
        let mut body = rest.clone();
        body["id"] = json!(id);
        body
    };
    let operations = [
        ("customer.register", new.clone(), "POST /auth/register", new),
        ("customer.get", with_id("c1", &json!({})), "GET /customers/c1", Value::Null),
        ("order.get", with_id("o 1", &json!({"x": "a&b", "n": 2})), "GET /orders/o%201?n=2&x=a%26b", Value::Null),
        (
            "order.cancel",
            with_id("o1", &json!({"reason": "late"})),
            "POST /orders/o1/cancel",
            json!({"reason": "late"}),
        ),
        ("order.cancel", with_id("o2", &json!({})), "POST /orders/o2/cancel", json!({})),
        ("payment.get", with_id("p1", &json!({})), "GET /payments/p1", Value::Null),
        ("payment.refund", with_id("p1", &refund), "POST /payments/p1/refunds", refund),
    ];
    for (number, (key, body, line, rest)) in operations.into_iter().enumerate() {
        let id = format!("m{number}");
        let reply = stage.sender.ask(key, body.to_string(), command(&id)).await;
        assert_eq!((reply.status, &reply.body), (200, &json!({"line": line, "body": rest})), "{key}");
        let properties = &reply.delivery.properties;
        let told = [properties.kind(), properties.content_type(), properties.correlation_id()];
        assert_eq!(told.map(|text| text.as_ref().unwrap().as_str()), ["reply", "application/json", &id], "{key}");
        let seen = stage.asked().pop().unwrap();
        let sent = seen.header("idempotency-key");
        assert_eq!(sent.as_deref(), line.starts_with("POST").then_some(id.as_str()), "{key}");
        assert!(seen.header("authorization").unwrap().starts_with("Bearer ey"), "{key}");
    }
    stage.sender.expect_no_letters().await;
    let exchanged = stage.upstream.seen().iter().filter(|seen| seen.line == "POST /auth/token").count();
    assert_eq!(exchanged, 1, "one token serves them all");
}

#[actix_web::test]
async fn a_message_keeps_its_identity_all_the_way() {
    let stage = Stage::set(Vec::new(), echo).await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let headers = [("x-request-id", "checkout-17"), ("traceparent", trace)];
    let headers = headers.map(|(name, value)| (ShortString::from(name), AMQPValue::LongString(value.into())));
    let properties = question().with_correlation_id("c-9".into()).with_headers(BTreeMap::from(headers).into());
    let reply = stage.sender.ask("payment.get", r#"{"id":"p1"}"#, properties).await;
    assert_eq!(reply.delivery.properties.correlation_id().as_ref().unwrap().as_str(), "c-9");
    let seen = stage.asked().pop().unwrap();
    assert_eq!(seen.header("x-request-id").unwrap(), "checkout-17");
    assert_eq!(header(&reply.delivery, "x-request-id").unwrap(), "checkout-17");
    for parent in [seen.header("traceparent").unwrap(), header(&reply.delivery, "traceparent").unwrap()] {
        assert!(parent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && parent != trace, "{parent}");
    }
}

#[actix_web::test]
async fn what_a_service_has_decided_is_an_answer() {
    for (status, name) in [(402, "payment-declined"), (404, "not-found"), (409, "order-shipped"), (412, "stale")] {
        let stage = Stage::set(Vec::new(), move |_| problem(status, name)).await;
        let reply = stage.sender.ask("order.cancel", r#"{"id":"o1"}"#, command("m")).await;
        assert_eq!(reply.told(), format!("{status} {name}"));
        assert_eq!(reply.delivery.properties.kind().as_ref().unwrap().as_str(), "problem");
        stage.sender.post("order.cancel", r#"{"id":"o2"}"#, command("n")).await;
        until("the one who wants no answer is served", async || stage.asked().len() == 2).await;
        stage.sender.expect_no_letters().await;
    }
}

#[actix_web::test]
async fn a_key_is_one_command_by_whichever_way_it_comes() {
    let stage = Stage::set(Vec::new(), echo).await;
    let token = stage.bus.issuer.client("shop", &["orders:place"]);
    let by_http = async |key: &str, reason: &str| {
        let request = stage.bus.ask(Method::POST, "/orders/o1/cancel").bearer_auth(&token);
        stage.bus.send(request.header("idempotency-key", key).json(&json!({"reason": reason}))).await
    };
    let by_message = async |key: &str, reason: &str| {
        let body = json!({"reason": reason, "id": "o1"}).to_string();
        stage.sender.ask("order.cancel", body, command(key)).await
    };
    assert_eq!(by_http("a", "late").await.status, 200);
    assert_eq!(by_message("a", "late").await.status, 200);
    assert_eq!(by_message("b", "late").await.status, 200);
    let again = by_http("b", "late").await;
    assert_eq!((again.status, again.is_replayed()), (200, true));
    assert_eq!(by_message("b", "late").await.status, 200, "a redelivery");
    assert_eq!(stage.asked().len(), 2);
    assert_eq!(by_http("b", "early").await.told(), "422 idempotency-mismatch");
}

#[actix_web::test]
async fn an_order_is_placed_by_message() {
    let shop = Shop::with_stock(10);
    let stage = Stage::before(&shop, Vec::new()).await;
    let ada = Id::<Customer>::mint();
    let body = order_of(ada, "tok_visa").to_string();
    let placed = stage.sender.ask("order.place", &body, command("m")).await;
    assert_eq!((placed.status, &placed.body["order"]["status"]), (201, &json!("confirmed")), "{placed:?}");
    let again = stage.sender.ask("order.place", &body, command("m")).await;
    assert_eq!((again.status, &again.body), (201, &placed.body));
    let declined = stage.sender.ask("order.place", order_of(ada, "tok_declined").to_string(), command("n")).await;
    assert_eq!(declined.told(), "402 payment-declined");
    assert_eq!((shop.charges(), shop.stock()), (1, 9));
    stage.sender.expect_no_letters().await;
}

#[actix_web::test]
async fn a_message_waits_for_an_order_that_is_under_way_and_that_is_no_failure() {
    let shop = Shop::with_stock(10);
    let changes = vec![("AMQP__ATTEMPTS_MAX", "1".to_owned())];
    let stage = Stage::before(&shop, changes).await;
    shop.fails("PUT orders", &[Fault::Held]);
    let order = order_of(Id::mint(), "tok_visa");
    let token = stage.bus.issuer.client("shop", &["orders:place"]);
    let request = stage.bus.ask(Method::POST, "/orders").bearer_auth(token).header("idempotency-key", "k");
    assert_eq!(stage.bus.send(request.header("prefer", "respond-async").json(&order)).await.status, 202);
    let retries = async || {
        let metrics = stage.bus.get("/metrics").await.text;
        let count =
            metrics.lines().find_map(|line| line.strip_prefix("esb_message_retries_total{route=\"place-order\"} "));
        count.map_or(0, |count| count.parse::<u32>().unwrap())
    };
    let asked = stage.sender.ask("order.place", order.to_string(), command("k"));
    let released = async {
        until("it has waited twice", async || retries().await >= 2).await;
        shop.release();
    };
    let (reply, ()) = futures_util::future::join(asked, released).await;
    assert_eq!((reply.status, shop.charges()), (201, 1));
    stage.sender.expect_no_letters().await;
}
