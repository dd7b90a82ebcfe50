//! One order, one trace: whatever was done for it, wherever and whenever, hangs below the request that asked for it.

use std::net::TcpListener;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;
use testbed::System;
use testbed::binary::Binary;
use testbed::system::Builder;

use crate::world::{Collector, IN_TIME, Program, Trace, World, new_key};

const PROCESS: &str = "process esb.place-order";
const CONSUMED: &str = "process esb.order-events";
const PUBLISHED: &str = "publish domain_events";

/// A system whose traces go there.
fn traced(endpoint: &str) -> Builder {
    let settings = |builder: Builder, binary: Binary| {
        builder.env(binary, &format!("{}__TELEMETRY__OTLP_ENDPOINT", binary.variable()), endpoint)
    };
    Binary::ALL.into_iter().fold(System::builder(), settings)
}

async fn place_by_message(world: &World, headers: &serde_json::Value) {
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let order = format!(
        "<place_order xmlns=\"urn:ecommerce-soa:v1\"><customer_id>{}</customer_id>\
         <items><item><product_id>{lamp}</product_id><quantity>2</quantity></item></items>\
         <payment><method>card</method><token>tok_visa</token></payment></place_order>",
        shopper.id
    );
    let mut client = Program::start("bus_client", &["pika==1.3.2"], &[&world.system.env()["AMQP_URL"]]).await;
    let command = json!({
        "key": "order.place", "message_id": new_key(), "correlation_id": new_key(), "content_type": "application/xml",
        "body": STANDARD.encode(order), "headers": headers,
    });
    assert_eq!(client.tell(&command).await["status"], 201);
}

/// Every hop of an order, as ways from the message down; the last name of each is what must be there.
fn hops() -> Vec<(&'static str, Vec<&'static str>)> {
    let saga = "saga place-order";
    let (create, take) = ("PUT /orders/{id}", "PUT /payments/{id}");
    vec![
        ("esb", vec!["transform xml to json"]),
        ("esb", vec!["transform json to xml"]),
        ("esb", vec!["publish (anonymous)"]),
        ("esb", vec!["record saga", "commit saga journal", "INSERT sagas"]),
        ("customer-service", vec![saga, "step check-customer", "GET", "GET /customers/{id}", "SELECT customers"]),
        ("order-service", vec![saga, "step create-order", "PUT", create, "INSERT orders"]),
        ("order-service", vec![saga, "step create-order", "PUT", create, PUBLISHED]),
        ("esb", vec![saga, "step create-order", "PUT", create, PUBLISHED, CONSUMED]),
        ("payment-service", vec![saga, "step take-payment", "PUT", take, "insert payments"]),
        ("payment-service", vec![saga, "step take-payment", "PUT", take, "provider charge"]),
        ("payment-service", vec![saga, "step take-payment", "PUT", take, PUBLISHED]),
        ("esb", vec![saga, "record saga", "commit saga journal", "UPDATE sagas"]),
        ("order-service", vec![saga, "step confirm-order", "POST", "POST /orders/{id}/confirm", "UPDATE orders"]),
        ("esb", vec![saga, "step confirm-order", "POST", "POST /orders/{id}/confirm", PUBLISHED, CONSUMED]),
    ]
}

/// What is not there (yet), by what it is below.
fn missing(trace: &Trace) -> Vec<String> {
    let Some(root) = trace.roots().first().copied() else { return vec!["the root".to_owned()] };
    let found = |service: &str, path: &[&str]| trace.find(root, path).is_some_and(|span| span.service == service);
    let missing = hops().into_iter().filter(|(service, path)| !found(service, path));
    missing.map(|(service, path)| format!("{service}: {}", path.join(" > "))).collect()
}

#[actix_web::test]
async fn an_order_in_xml_by_amqp_is_one_tree_over_all_services() {
    let collector = Collector::start();
    let world = World::with(traced(&collector.url).start().await.unwrap()).await;
    let unwanted = "4bf92f3577b34da6a3ce929d0e0e4736";
    place_by_message(&world, &json!({"traceparent": format!("00-{unwanted}-00f067aa0ba902b7-00")})).await;
    place_by_message(&world, &json!(null)).await;
    let trace = || {
        let messages = collector.named(PROCESS);
        messages.first().map(|message| collector.trace_of(message))
    };
    let whole = async || trace().is_some_and(|trace| missing(&trace).is_empty() && trace.orphans().is_empty());
    let came = testbed::wait::until("the whole tree is there", IN_TIME, whole).await;
    let trace = trace().expect("there is a trace");
    assert!(came.is_ok(), "missing: {:#?}\n{}", missing(&trace), trace.drawn());
    assert_eq!(trace.roots().len(), 1, "{}", trace.drawn());
    assert_eq!(trace.services().len(), 4, "{}", trace.drawn());
    let message = trace.roots()[0];
    assert_eq!((message.service.as_str(), message.kind()), ("esb", 5));
    assert_eq!(message.attribute("messaging.system"), Some("rabbitmq"));
    let create = trace.find(message, &["saga place-order", "step create-order", "PUT"]).unwrap();
    let served = trace.below(create).next().unwrap();
    assert_eq!((create.kind(), served.kind()), (3, 2));
    assert_eq!(create.attribute("http.response.status_code"), served.attribute("http.response.status_code"));
    assert!(collector.named(PROCESS).iter().all(|other| other.id == message.id), "one message was to be recorded");
    assert!(collector.trace(unwanted).is_empty(), "its sender did not want it recorded, and nobody did");
}

#[actix_web::test]
async fn a_saga_that_is_taken_over_goes_on_in_the_trace_of_its_request() {
    let collector = Collector::start();
    let world = World::with(traced(&collector.url).start().await.unwrap()).await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    world.system.service(Binary::PaymentService).unwrap().stop().await.unwrap();
    let id = "a3ce929d0e0e47364bf92f3577b34da6";
    let request =
        world.request(Method::POST, "/orders", Some(&shopper.token)).header("prefer", "respond-async, wait=1");
    let request = request.header("traceparent", format!("00-{id}-00f067aa0ba902b7-01"));
    let answer = request.json(&shopper.wants(&lamp, 1, "tok_visa")).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let asked = async || collector.named("POST place-order").len() == 1;
    testbed::wait::until("the request's span is there", IN_TIME, asked).await.unwrap();
    let esb = world.system.service(Binary::Esb).unwrap();
    esb.kill9().await.unwrap();
    esb.start().await.unwrap();
    world.system.service(Binary::PaymentService).unwrap().start().await.unwrap();
    let sagas =
        || collector.named("saga place-order").into_iter().filter(|saga| saga.attribute("saga.state").is_some());
    let ended = async || sagas().count() == 1;
    testbed::wait::until("the saga has ended", IN_TIME, ended).await.unwrap();
    let (request, saga) = (collector.named("POST place-order").remove(0), sagas().next().unwrap());
    assert_eq!((saga.parent.as_str(), saga.attribute("saga.state")), (request.id.as_str(), Some("completed")));
    assert_ne!(saga.instance, request.instance, "another process went on with it");
    assert_eq!(request.parent, "00f067aa0ba902b7");
    assert!(!collector.trace(id).is_empty());
}

#[tokio::test]
async fn nobody_waits_for_a_collector_that_does_not_answer() {
    // It takes connections, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let system = traced(&url).env(Binary::Esb, "ESB__TELEMETRY__QUEUE_SPANS", "4").start().await.unwrap();
    let world = World::with(system).await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let placed = world.place(&shopper, &shopper.wants(&lamp, 1, "tok_visa"), None).await;
    placed.is(201);
    let metrics = format!("{}/metrics", world.system.esb_url);
    let dropped = async || {
        let told = world.request_to(Method::GET, &metrics, None).send().await.unwrap().text().await.unwrap();
        let of = |reason: &str| told.contains(&format!("otlp_spans_dropped_total{{reason=\"{reason}\"}}"));
        of("queue_full") && of("export_failed")
    };
    testbed::wait::until("what was dropped is counted", IN_TIME, dropped).await.unwrap();
    for binary in Binary::ALL {
        world.system.service(binary).unwrap().stop().await.unwrap();
    }
}
