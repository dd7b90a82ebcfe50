//! A service in Python comes behind the bus without a rebuild: it registers, is described and asked, shares its work with
//! a second one, and is left out when it dies.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use testbed::System;
use testbed::binary::Binary;
use testbed::shared::repository;
use tokio::process::{Child, Command};

use crate::world::{Answer, Program, World, new_key};

/// Longer than a busy machine takes, and not for ever.
const SOON: Duration = Duration::from_mins(1);
const LAMP: &str = "/inventory/DSK-LAMP";

async fn world() -> World {
    let routes = repository().join("infrastructure/examples/inventory-service/routes");
    let builder = System::builder().env(Binary::Esb, "ESB__ROUTES__DIR", routes.to_str().unwrap());
    World::with(builder.start().await.unwrap()).await
}

/// An instance, which ends with this value.
fn start(world: &World) -> Child {
    let program = repository().join("infrastructure/examples/inventory-service/inventory_service.py");
    let mut command = Command::new("python3");
    command.arg(program).envs(world.system.env()).env("LEASE_SECONDS", "5");
    command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

impl World {
    async fn lamp(&self) -> Answer {
        self.get(LAMP, &self.operator).await
    }

    async fn until(&self, what: &str, path: &str, holds: impl Fn(&Answer) -> bool) {
        let holds = async || holds(&self.get(path, &self.operator).await);
        testbed::wait::until(what, SOON, holds).await.unwrap();
    }

    /// A token that may look into the registry.
    async fn machine(&self) -> String {
        let client = &self.system.client;
        let request = self.request(Method::POST, "/auth/token", None).form(&[("grant_type", "client_credentials")]);
        let granted = request.basic_auth(&client.id, Some(&client.secret)).send().await.unwrap();
        Answer::of(granted).await.is(200).text("access_token")
    }

    async fn names(&self) -> BTreeSet<String> {
        let listed = self.get("/registry/services", &self.machine().await).await;
        let items = listed.is(200).body["items"].as_array().unwrap().clone();
        let leased = items.iter().filter(|item| item["healthy"] == true && item["lease_expires_at"].is_string());
        leased.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn it_comes_works_and_dies() {
    let world = world().await;
    assert_eq!(world.lamp().await.is(503).text("type"), "urn:problem:service-unavailable");
    let mut warehouse = start(&world);
    world.until("it is found", LAMP, |answer| answer.status == 200).await;
    let lamp = world.lamp().await.body;
    assert_eq!((&lamp["unit_cost"], &lamp["counted_at"]), (&json!({"amount": 2100, "currency": "EUR"}), &Value::Null));
    let described = |answer: &Answer| answer.body["paths"]["/inventory/{sku}/movements"]["post"].is_object();
    world.until("it is described", "/openapi.json", described).await;
    let document = world.get("/openapi.json", &world.operator).await.body;
    assert_eq!(document["components"]["schemas"]["InventoryItem"]["xml"]["name"], "inventory_item");
    let sale = json!({"delta": -3, "zone": "shelf", "reason": {"code": "sale", "text": "three lamps"}});
    let key = new_key();
    for _ in 0..2 {
        let path = format!("{LAMP}/movements");
        let request = world.request(Method::POST, &path, Some(&world.operator)).header("idempotency-key", &key);
        let moved = Answer::of(request.json(&sale).send().await.unwrap()).await;
        assert_eq!((&moved.is(201).body["on_hand"], &moved.body["number"]), (&json!(37), &json!(1)), "once");
    }
    world.get("/inventory/NOTHING", &world.operator).await.is(404);
    // SIGKILL: it can't say that it goes.
    warehouse.kill().await.unwrap();
    world.lamp().await.is(503);
    let machine = world.machine().await;
    let gone = async || world.get("/registry/discover/inventory-service", &machine).await.status == 404;
    testbed::wait::until("its lease has ended", SOON, gone).await.unwrap();
    assert_eq!(world.lamp().await.is(503).text("type"), "urn:problem:service-unavailable");
}

#[tokio::test]
async fn it_speaks_xml_by_its_own_description() {
    let world = world().await;
    let _warehouse = start(&world);
    let published = async || world.get("/schemas/inventory_item.xsd", &world.operator).await.status == 200;
    testbed::wait::until("its schema is published", SOON, published).await.unwrap();
    let ask = |method: Method, path: &str| {
        world.request(method, path, Some(&world.operator)).header("accept", "application/xml")
    };
    let lamp = Answer::of(ask(Method::GET, LAMP).send().await.unwrap()).await;
    let lamp = lamp.is(200).body.as_str().unwrap();
    for part in [" sku=\"DSK-LAMP\"", "<label>", "xsi:nil=\"true\"/>", "<entry key=\"served_by\">"] {
        assert!(lamp.contains(part), "{part} is not in {lamp}");
    }
    let sale = "<new_movement xmlns=\"urn:ecommerce-soa:v1\"><reason code=\"sale\">three &amp; a half</reason>\
                <zone>shelf</zone><delta>-3</delta></new_movement>";
    let request = ask(Method::POST, &format!("{LAMP}/movements")).header("content-type", "application/xml");
    let moved = Answer::of(request.body(sale).send().await.unwrap()).await;
    let moved = moved.is(201).body.as_str().unwrap();
    assert!(moved.contains("<reason code=\"sale\">three &amp; a half</reason>"), "{moved}");
    let mut validator = Program::start("xsd_validator", &["xmlschema==4.3.2"], &[]).await;
    for (root, xml) in [("inventory_item", lamp), ("movement", moved)] {
        let schema = format!("{}/schemas/{root}.xsd", world.system.esb_url);
        let told = validator.tell(&json!({"schema": schema, "document": STANDARD.encode(xml)})).await;
        assert_eq!(told, json!({"valid": true}), "{xml}");
    }
}

#[tokio::test]
async fn two_share_the_work_and_one_that_ends_leaves() {
    let world = world().await;
    let mut instances = [start(&world), start(&world)];
    let (machine, discover) = (world.machine().await, "/registry/discover/inventory-service");
    let count = async || world.get(discover, &machine).await.body["instances"].as_array().map_or(0, Vec::len);
    testbed::wait::until("both are found", SOON, async || count().await == 2).await.unwrap();
    let mut served = BTreeSet::new();
    for _ in 0..4 {
        served.insert(world.lamp().await.is(200).body["attributes"]["served_by"].as_str().unwrap().to_owned());
    }
    let pids = instances.iter().map(|child| child.id().unwrap().to_string()).collect::<BTreeSet<_>>();
    assert_eq!(served, pids);
    let first = instances[0].id().unwrap().to_string();
    Command::new("kill").args(["-TERM", &first]).status().await.unwrap();
    instances[0].wait().await.unwrap();
    assert_eq!(count().await, 1, "it has said that it goes");
    for _ in 0..4 {
        assert_ne!(world.lamp().await.is(200).body["attributes"]["served_by"], first.as_str());
    }
}

#[tokio::test]
async fn our_own_are_in_the_registry_too() {
    let world = World::start().await;
    let ours = ["customer-service", "esb", "order-service", "payment-service"].map(str::to_owned);
    let ours = BTreeSet::from(ours);
    testbed::wait::until("all have registered", SOON, async || world.names().await == ours).await.unwrap();
    world.system.stop(Binary::OrderService).await.unwrap();
    let left = world.names().await;
    assert!(!left.contains("order-service"), "it has said that it goes: {left:?}");
    world.system.start_again(Binary::OrderService).await.unwrap();
    testbed::wait::until("it is back", SOON, async || world.names().await == ours).await.unwrap();
    world.system.kill(Binary::Esb).await.unwrap();
    world.system.start_again(Binary::Esb).await.unwrap();
    let found = world.get("/registry/discover/payment-service", &world.operator).await;
    assert_eq!(found.is(200).text("service_url"), world.system.env()["PAYMENT_SERVICE_URL"]);
}
