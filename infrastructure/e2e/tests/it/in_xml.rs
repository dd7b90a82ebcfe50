//! A legacy client that knows XML only: everything goes in and comes out, and validates against what is published.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;

use crate::world::{Answer, Program, Shopper, World, new_key};

const NAMESPACE: &str = "urn:ecommerce-soa:v1";
const PROBLEMS: &str = "urn:ietf:rfc:7807";

/// An order as XML.
fn order(shopper: &Shopper, product: &str, (quantity, token): (&str, &str)) -> String {
    let customer = &shopper.id;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<o:place_order xmlns:o=\"{NAMESPACE}\">\
         <o:customer_id>{customer}</o:customer_id>\
         <o:items><o:item><o:quantity> {quantity} </o:quantity><o:product_id>{product}</o:product_id></o:item></o:items>\
         <o:payment><o:method>card</o:method><o:token>{token}</o:token></o:payment></o:place_order>"
    )
}

/// Somebody with a token, who sends and wants XML.
struct Legacy<'a> {
    world: &'a World,
    token: &'a str,
}

impl Legacy<'_> {
    async fn post(&self, path: &str, xml: &str) -> Answer {
        let request =
            self.world.request(Method::POST, path, Some(self.token)).header("content-type", "application/xml");
        Answer::of(request.body(xml.to_owned()).send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        let request = self.world.request(Method::GET, path, Some(self.token)).header("accept", "text/xml");
        Answer::of(request.send().await.unwrap()).await
    }
}

/// What stands in the first element of this name.
#[track_caller]
fn text<'a>(answer: &'a Answer, element: &str) -> &'a str {
    let xml = answer.body.as_str().unwrap_or_else(|| panic!("no XML: {answer:?}"));
    let after = xml.split_once(&format!("<{element}>")).unwrap_or_else(|| panic!("no <{element}> in {xml}")).1;
    after.split_once("</").unwrap().0
}

#[track_caller]
fn starts(answer: &Answer, root: &str, namespace: &str) {
    let xml = answer.body.as_str().unwrap_or_else(|| panic!("no XML: {answer:?}"));
    let begins = format!("<{root} xmlns=\"{namespace}\"");
    assert!(xml.contains(&begins), "{begins} is not in {xml}");
}

#[tokio::test]
async fn an_order_is_placed_read_and_cancelled() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let legacy = Legacy { world: &world, token: &shopper.token };
    let placed = legacy.post("/orders", &order(&shopper, &lamp, ("2", "tok_visa"))).await;
    starts(placed.is(201), "placed_order", NAMESPACE);
    assert_eq!(placed.header("content-type"), "application/xml; charset=utf-8");
    let id = text(&placed, "id").to_owned();
    assert!(placed.body.as_str().unwrap().contains("<status>confirmed</status>"), "{placed:?}");
    world.books(&id).await.are_confirmed_and_charged_once();
    let read = legacy.get(&format!("/orders/{id}")).await;
    starts(read.is(200), "order", NAMESPACE);
    assert_eq!((text(&read, "id"), read.header("content-type")), (id.as_str(), "text/xml; charset=utf-8"));
    let list = legacy.get("/orders?limit=5").await;
    starts(list.is(200), "order_list", NAMESPACE);
    let cancel =
        format!("<cancel_order xmlns=\"{NAMESPACE}\"><reason>&lt;too late&gt;\u{1F4A1}</reason></cancel_order>");
    let cancelled = legacy.post(&format!("/orders/{id}/cancel"), &cancel).await;
    assert_eq!(text(cancelled.is(200), "cancel_reason"), "&lt;too late&gt;\u{1F4A1}");
    let as_json = world.get(&format!("/orders/{id}"), &shopper.token).await;
    assert_eq!(as_json.is(200).body["cancel_reason"], "<too late>\u{1F4A1}");
}

#[tokio::test]
async fn a_key_is_one_command_in_either_format() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let key = new_key();
    let first = world.place(&shopper, &shopper.wants(&lamp, 2, "tok_visa"), Some(&key)).await;
    let request = world.request(Method::POST, "/orders", Some(&shopper.token)).header("idempotency-key", &key);
    let request = request.header("content-type", "text/xml").body(order(&shopper, &lamp, ("2", "tok_visa")));
    let second = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(text(second.is(201), "id"), first.is(201).body["order"]["id"]);
    assert_eq!(second.header("idempotent-replayed"), "true");
    assert_eq!(world.stock(&lamp).await, 8);
}

#[tokio::test]
async fn what_is_wrong_is_told_in_xml() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let legacy = Legacy { world: &world, token: &shopper.token };
    let declined = legacy.post("/orders", &order(&shopper, &lamp, ("1", "tok_declined"))).await;
    starts(declined.is(402), "problem", PROBLEMS);
    assert_eq!(declined.header("content-type"), "application/problem+xml; charset=utf-8");
    assert_eq!((text(&declined, "status"), text(&declined, "instance")), ("402", declined.header("x-request-id")));
    let broken = legacy.post("/orders", "<place_order>\n  <customer_id>x</customer>\n</place_order>").await;
    assert_eq!(text(broken.is(400), "type"), "urn:problem:malformed-body");
    assert_eq!(text(&broken, "line"), "2");
    let misspelt = order(&shopper, &lamp, ("1", "tok_visa")).replace("quantity", "quantitty");
    let misspelt = legacy.post("/orders", &misspelt).await;
    assert_eq!(text(misspelt.is(422), "pointer"), "/items/0");
    let none = legacy.post("/orders", &order(&shopper, &lamp, ("0", "tok_visa"))).await;
    assert_eq!(text(none.is(422), "pointer"), "/items/0/quantity");
    assert_eq!(text(legacy.get("/orders/x").await.is(404), "type"), "urn:problem:not-found");
    assert_eq!(text(legacy.get("/nowhere").await.is(404), "type"), "urn:problem:not-found");
    let attack = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><place_order>&a;</place_order>";
    assert_eq!(text(legacy.post("/orders", attack).await.is(400), "type"), "urn:problem:malformed-body");
    assert_eq!(world.stock(&lamp).await, 10);
}

#[tokio::test]
async fn every_answer_is_valid_by_the_published_schema() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let legacy = Legacy { world: &world, token: &shopper.token };
    let placed = legacy.post("/orders", &order(&shopper, &lamp, ("2", "tok_visa"))).await;
    let id = text(placed.is(201), "id").to_owned();
    let payment = text(&placed, "payment_id").to_owned();
    let (customer, refused) = (&shopper.id, legacy.post("/orders", "<place_order/>").await);
    let mut all = vec![("placed_order", placed), ("problem", refused)];
    let paths = [
        ("order", format!("/orders/{id}")),
        ("order_list", "/orders".to_owned()),
        ("placement", format!("/orders/{id}/placement")),
        ("payment", format!("/payments/{payment}")),
        ("payment_list", format!("/payments?order_id={id}")),
        ("transaction_list", format!("/payments/{payment}/transactions")),
        ("customer", format!("/customers/{customer}")),
        ("address_list", format!("/customers/{customer}/addresses")),
        ("product", format!("/products/{lamp}")),
        ("product_list", "/products".to_owned()),
    ];
    for (root, path) in paths {
        all.push((root, legacy.get(&path).await));
    }
    let mut validator = Program::start("xsd_validator", &["xmlschema==4.3.2"], &[]).await;
    for (root, answer) in all {
        let xml = answer.body.as_str().unwrap_or_else(|| panic!("no XML for {root}: {answer:?}"));
        let schema = format!("{}/schemas/{root}.xsd", world.system.esb_url);
        let told = validator.tell(&json!({"schema": schema, "document": STANDARD.encode(xml)})).await;
        assert_eq!(told, json!({"valid": true}), "{root}: {xml}");
        let spoilt = xml.replacen("</", "<no_such_element/></", 1);
        let told = validator.tell(&json!({"schema": schema, "document": STANDARD.encode(spoilt)})).await;
        assert_eq!(told["valid"], false, "the schema of {root} lets everything through");
    }
}
