//! The runbooks, command by command, in a system in which what they are about has happened.

use std::collections::BTreeMap;

use contracts::Id;
use reqwest::Method;
use serde_json::{Value, json};
use testbed::{Binary, System};

use super::terminal::{Terminal, blocks};
use crate::world::{Answer, IN_TIME, Moment, Tap, Trap, World};

/// How many blocks for our interface each runbook has; below, each is run.
const FOR_THE_BUS: [(&str, usize); 6] = [
    ("", 1),
    ("Dead letters many", 1),
    ("Dead letters waiting", 2),
    ("Errors at the door", 1),
    ("Sagas old", 1),
    ("Sagas stuck", 2),
];

#[test]
fn every_command_is_one_that_is_run_here() {
    let text = include_str!("../../../../docs/runbooks.md");
    let outside = text.split("\n```").step_by(2);
    for command in ["`curl ", "`docker ", "`jq "] {
        assert!(outside.clone().all(|prose| !prose.contains(command)), "{command} stands where no test finds it");
    }
    let fences = text.lines().filter(|line| line.starts_with("```sh")).count();
    assert_eq!(fences, blocks().len(), "each block says for whom it is");
    let mut found = BTreeMap::new();
    for block in blocks().iter().filter(|block| block.kind != "compose") {
        assert_eq!(block.kind, "bus");
        *found.entry(block.section.clone()).or_default() += 1;
    }
    assert_eq!(found, FOR_THE_BUS.map(|(section, count)| (section.to_owned(), count)).into());
}

/// A message for which nobody waits.
async fn publish(world: &World, key: &str, body: &str) {
    let message = json!({"routing_key": key, "content_type": "application/json", "body": body, "wait_ms": 0});
    world.post("/esb/publish", Some(&world.operator), &message).await.is(200);
}

async fn logged(world: &World, binary: Binary, text: &str) {
    let log = world.system.log(binary).unwrap();
    let said = async || std::fs::read_to_string(log).unwrap().contains(text);
    testbed::wait::until(text, IN_TIME, said).await.unwrap();
}

/// The one saga of this world.
async fn saga(world: &World) -> Value {
    world.get("/esb/sagas", &world.operator).await.is(200).body["items"][0].clone()
}

async fn until_saga(world: &World, what: &str, holds: impl Fn(&Value) -> bool) {
    testbed::wait::until(what, IN_TIME, async || holds(&saga(world).await)).await.unwrap();
}

/// A world where a step on the way back is asked once, and that reaches order-service through a tap.
async fn impatient() -> (World, Tap) {
    let tap = Tap::start();
    let system = System::builder().env(Binary::Esb, "ESB__SAGA__ATTEMPTS_MAX", "1").env(
        Binary::Esb,
        "ESB__SERVICES__ORDER_SERVICE",
        &tap.url,
    );
    let system = system.start().await.unwrap();
    tap.lead_to(&system.env()["ORDER_SERVICE_URL"]);
    (World::with(system).await, tap)
}

#[actix_web::test]
async fn a_saga_waits_for_a_service_gets_stuck_and_goes_on() {
    let (world, tap) = impatient().await;
    let terminal = Terminal::new(&world, "sagas");
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    world.system.kill(Binary::PaymentService).await.unwrap();
    let order = shopper.wants(&lamp, 1, "tok_declined");
    let request = world.placing(&shopper, &order, None).header("prefer", "respond-async");
    Answer::of(request.send().await.unwrap()).await.is(202);

    until_saga(&world, "it has asked in vain", |saga| saga["step"] == "take-payment" && saga["last_error"].is_string())
        .await;
    let old = terminal.documents("Sagas old", "bus", "").await;
    assert_eq!((old.len(), &old[0]["step"]), (1, &json!("take-payment")));
    let services = terminal.documents("Errors at the door", "bus", "").await;
    assert_eq!(services[0]["status"], "up", "the bus itself");
    let healthy = services[1..].iter().map(|service| (service[0].as_str().unwrap(), service[2] == true));
    let healthy = healthy.collect::<BTreeMap<_, _>>();
    assert_eq!((healthy["payment-service"], healthy["order-service"]), (false, true), "{services:?}");

    publish(&world, "payment.get", &json!({"id": Id::<()>::mint()}).to_string()).await;
    logged(&world, Binary::Esb, "retried").await;
    let retried = terminal.documents("Messages retried", "compose", "").await;
    assert_eq!(retried[0][1], "read-payment");

    let (stopped, go_on) = tap.set(Trap { method: Method::POST, ends: "cancel", moment: Moment::Before });
    world.system.start_again(Binary::PaymentService).await.unwrap();
    stopped.await.unwrap();
    world.system.kill(Binary::OrderService).await.unwrap();
    go_on.send(()).unwrap();
    until_saga(&world, "it is stuck", |saga| saga["state"] == "stuck").await;
    let stuck = terminal.documents("Sagas stuck", "bus", "").await;
    assert_eq!((stuck.len(), &stuck[0]["step"]), (1, &json!("create-order")));

    world.system.start_again(Binary::OrderService).await.unwrap();
    let retried = terminal.documents("Sagas stuck", "bus", stuck[0]["id"].as_str().unwrap()).await;
    assert_eq!(retried[0]["id"], stuck[0]["id"]);
    until_saga(&world, "it is undone", |saga| saga["state"] == "compensated").await;
    assert_eq!(world.stock(&lamp).await, 10);
}

#[tokio::test]
async fn a_dead_letter_is_found_and_replayed() {
    let world = World::start().await;
    let terminal = Terminal::new(&world, "letters");
    publish(&world, "order.place", "{").await;
    let waiting = async || {
        let found = world.get("/esb/dead-letters?state=waiting", &world.operator).await;
        found.is(200).body["items"].as_array().unwrap().len() == 1
    };
    testbed::wait::until("the letter is in the store", IN_TIME, waiting).await.unwrap();
    let letters = terminal.documents("Dead letters waiting", "bus", "").await;
    assert_eq!((&letters[0]["reason"], &letters[0]["route"]), (&json!("unparsable"), &json!("place-order")));
    let alike = terminal.documents("Dead letters many", "bus", "").await;
    assert_eq!((&alike[0]["count"], &alike[0]["reason"]), (&json!(1), &json!("unparsable")));
    let warnings = terminal.documents("Errors at the door", "compose", "").await;
    assert!(warnings.iter().any(|line| line["message"].as_str().unwrap().contains("unparsable")), "{warnings:?}");
    let replayed = terminal.documents("Dead letters waiting", "bus", letters[0]["id"].as_str().unwrap()).await;
    assert_eq!(replayed[0]["id"], letters[0]["id"]);
    assert!(["replaying", "replayed"].contains(&replayed[0]["state"].as_str().unwrap()), "{replayed:?}");
}

#[tokio::test]
async fn a_connection_that_was_lost_is_seen_and_every_command_for_containers_is_one() {
    let world = World::start().await;
    let terminal = Terminal::new(&world, "bus");
    let env = world.system.env();
    let vhost = env["AMQP_URL"].rsplit('/').next().unwrap();
    // Who publishes to an exchange that is not there is cut off by the broker.
    let exchange = format!("{}/api/exchanges/{vhost}/domain_events", env["AMQP_MANAGEMENT_URL"]);
    assert_eq!(world.request_to(Method::DELETE, &exchange, None).send().await.unwrap().status(), 204);
    world.product(4990, 10).await;
    logged(&world, Binary::OrderService, "could not be relayed").await;
    logged(&world, Binary::OrderService, "lost the connection to the broker").await;
    assert!(terminal.run("Outbox waits", "compose", "").await.contains("could not be relayed"));
    assert!(terminal.run("Bus disconnected", "compose", "").await.contains("lost the connection"));
    let busy = terminal.run("Database pool full", "compose", "").await;
    assert!(busy.contains("wait_event") && busy.contains("pg_stat_activity"), "{busy}");
    let all = blocks().into_iter().filter(|block| block.kind == "compose").map(|block| block.code);
    terminal.type_in(&all.collect::<Vec<_>>().join("\n")).await;
}
