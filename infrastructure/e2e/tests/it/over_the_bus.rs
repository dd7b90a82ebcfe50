//! A client in another language does everything over RabbitMQ: Python's pika publishes, and gets every answer.

use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use testbed::{System, python};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::world::{IN_TIME, World, new_key};

/// The client, as a process.
struct Pika {
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

/// What it was told.
#[derive(Debug)]
struct Reply {
    status: i64,
    kind: String,
    body: Value,
}

impl Pika {
    async fn connect(world: &World) -> Self {
        let python = python::environment("bus-client", &["pika==1.3.2"]).await.unwrap();
        let program = testbed::shared::repository().join("infrastructure/e2e/clients/bus_client.py");
        let mut command = Command::new(python);
        command.arg(program).arg(&world.system.env()["AMQP_URL"]).kill_on_drop(true);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (commands, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { commands, answers: BufReader::new(answers).lines(), _process: process }
    }

    async fn send(&mut self, command: &Value) -> Value {
        self.commands.write_all(format!("{command}\n").as_bytes()).await.unwrap();
        let line = self.answers.next_line().await.unwrap().expect("the client has ended");
        serde_json::from_str(&line).unwrap()
    }

    /// Publishes with a new correlation id, and waits for the answer.
    async fn ask(&mut self, key: &str, message_id: Option<&str>, body: &Value) -> Reply {
        let body = STANDARD.encode(body.to_string());
        let command = json!({"key": key, "message_id": message_id, "correlation_id": new_key(), "body": body});
        let answer = self.send(&command).await;
        let body = STANDARD.decode(answer["body"].as_str().unwrap_or_else(|| panic!("{key}: {answer}"))).unwrap();
        Reply {
            status: answer["status"].as_i64().unwrap(),
            kind: answer["type"].as_str().unwrap().to_owned(),
            body: serde_json::from_slice(&body).unwrap(),
        }
    }
}

impl Reply {
    fn is(&self, status: i64) -> &Value {
        let kind = if status < 400 { "reply" } else { "problem" };
        assert_eq!((self.status, self.kind.as_str()), (status, kind), "{self:?}");
        &self.body
    }
}

async fn world() -> World {
    // A producer who does not say who it is, is the machine client of this installation.
    World::with(System::start().await.unwrap()).await
}

#[tokio::test]
async fn every_operation_by_a_python_client() {
    let world = world().await;
    let lamp = world.product(4990, 10).await;
    let mut pika = Pika::connect(&world).await;
    let key = new_key();
    let register = json!({"email": format!("{key}@example.com"), "password": "correct horse battery", "name": "Ann"});
    let session = pika.ask("customer.register", Some(&new_key()), &register).await;
    let customer = session.is(201)["customer"]["id"].clone();
    let found = pika.ask("customer.get", None, &json!({"id": customer})).await;
    assert_eq!(found.is(200)["name"], "Ann");
    let order = json!({
        "customer_id": customer, "items": [{"product_id": lamp, "quantity": 2}],
        "payment": {"method": "card", "token": "tok_visa"},
    });
    let placed = pika.ask("order.place", Some(&key), &order).await;
    let (id, payment) = (placed.is(201)["order"]["id"].clone(), placed.body["payment"]["id"].clone());
    assert_eq!(pika.ask("order.place", Some(&key), &order).await.is(201)["order"]["id"], id, "the same message");
    assert_eq!(pika.ask("order.get", None, &json!({"id": id})).await.is(200)["status"], "confirmed");
    assert_eq!(pika.ask("payment.get", None, &json!({"id": payment})).await.is(200)["status"], "captured");
    let euros = json!({"amount": 1000, "currency": "EUR"});
    let refund = json!({"id": payment, "amount": euros, "reason": "scratched"});
    assert_eq!(pika.ask("payment.refund", Some(&new_key()), &refund).await.is(201)["amount"], euros);
    let cancel = json!({"id": id, "reason": "changed my mind"});
    assert_eq!(pika.ask("order.cancel", Some(&new_key()), &cancel).await.is(200)["status"], "cancelled");
    let id = id.as_str().unwrap();
    let refunded = async || world.get(&format!("/orders/{id}"), &world.operator).await.body["refund"] == "full";
    testbed::wait::until("the refund is recorded", IN_TIME, refunded).await.unwrap();
    assert_eq!((world.books(id).await.charged(), world.stock(&lamp).await), (0, 10));
}

#[tokio::test]
async fn a_key_is_the_same_by_either_way() {
    let world = world().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let form = [("grant_type", "client_credentials")];
    let request = world.request(reqwest::Method::POST, "/auth/token", None).form(&form);
    let request = request.basic_auth(&world.system.client.id, Some(&world.system.client.secret));
    let token: Value = request.send().await.unwrap().json().await.unwrap();
    let machine = crate::world::Shopper { id: shopper.id, token: token["access_token"].as_str().unwrap().to_owned() };
    let (order, key) = (machine.wants(&lamp, 1, "tok_visa"), new_key());
    let by_http = world.place(&machine, &order, Some(&key)).await;
    let mut pika = Pika::connect(&world).await;
    let by_bus = pika.ask("order.place", Some(&key), &order).await;
    assert_eq!(by_bus.is(201)["order"]["id"], by_http.is(201).body["order"]["id"]);
    let other = pika.ask("order.place", Some(&key), &machine.wants(&lamp, 2, "tok_visa")).await;
    assert!(other.is(422)["type"].as_str().unwrap().ends_with("idempotency-mismatch"));
    assert_eq!(world.stock(&lamp).await, 9);
}

#[tokio::test]
async fn refusals_are_answers_and_faults_are_dead_letters() {
    let world = world().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 1).await);
    let mut pika = Pika::connect(&world).await;
    let declined = pika.ask("order.place", Some(&new_key()), &shopper.wants(&lamp, 1, "tok_declined")).await;
    declined.is(402);
    pika.ask("order.get", None, &json!({"id": lamp})).await.is(404);
    let misspelt = json!({"customer_id": shopper.id, "itmes": []});
    pika.ask("order.place", Some(&new_key()), &misspelt).await.is(422);
    let nameless = pika.ask("order.place", None, &shopper.wants(&lamp, 1, "tok_visa")).await;
    assert!(nameless.status >= 400, "{nameless:?}");
    let lost = json!({"key": "no.such.key", "correlation_id": new_key(), "body": STANDARD.encode("?"), "reply": false});
    assert_eq!(pika.send(&lost).await["confirmed"], true);
    let reasons = async || {
        let found = world.get("/esb/dead-letters?state=waiting", &world.operator).await;
        let items = found.is(200).body["items"].as_array().unwrap().clone();
        let mut reasons: Vec<_> = items.iter().map(|letter| letter["reason"].as_str().unwrap().to_owned()).collect();
        reasons.sort();
        reasons
    };
    let expected = ["missing-message-id", "schema-violation", "unroutable"];
    testbed::wait::until("the three are in the store", IN_TIME, async || reasons().await == expected).await.unwrap();
    assert_eq!(world.stock(&lamp).await, 1);
    let passed = world.get("/esb/messages?door=amqp&route=place-order", &world.operator).await;
    let outcomes = passed.is(200).body["items"].as_array().unwrap().iter().map(|item| item["outcome"].clone());
    assert_eq!(outcomes.collect::<Vec<_>>(), ["dead-lettered", "dead-lettered", "refused"], "newest first");
}
