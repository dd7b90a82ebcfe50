//! A legacy client who knows SOAP only: given the address of the WSDL it does everything, with two toolkits.

use serde_json::{Value, json};
use testbed::binary::Binary;
use tokio::sync::Mutex;

use crate::world::{IN_TIME, Program, Shopper, World, new_key};

/// Somebody with zeep.
struct Zeep {
    program: Program,
    by: Value,
}

/// A world, its WSDL's address, and how its machine client proves who it is.
async fn world() -> (World, String, Value) {
    let world = World::start().await;
    let wsdl = format!("{}/soap?wsdl", world.system.esb_url);
    // Toolkits read it once: it is not there before it is whole.
    let known = async || world.get("/soap?wsdl", &world.operator).await.status == 200;
    testbed::wait::until("the services are known", IN_TIME, known).await.unwrap();
    let by = json!({"basic": [world.system.client.id, world.system.client.secret]});
    (world, wsdl, by)
}

impl Zeep {
    async fn reading(wsdl: &str, by: Value) -> Self {
        Self { program: Program::start("zeep_client", &["zeep==4.3.3"], &[wsdl]).await, by }
    }

    async fn tell(&mut self, operation: &str, arguments: &Value, more: Value) -> Value {
        let mut command = json!({"operation": operation, "arguments": arguments, "by": self.by});
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.program.tell(&command).await
    }

    /// What is answered.
    async fn ask(&mut self, operation: &str, arguments: Value) -> Value {
        let told = self.tell(operation, &arguments, json!({})).await;
        assert!(told["answer"].is_object(), "{operation} {arguments}: {told}");
        told["answer"].clone()
    }

    /// `soap:Client 404 not-found`.
    async fn fault(&mut self, operation: &str, arguments: Value) -> String {
        fault(&self.tell(operation, &arguments, json!({})).await)
    }

    /// The same by somebody else, for an order that is not there.
    async fn fault_by(&mut self, by: Value) -> String {
        fault(&self.tell("GetOrder", &json!({"id": new_key()}), json!({"by": by})).await)
    }
}

#[track_caller]
fn fault(told: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no fault: {told}")).to_owned();
    let kind = text(&told["problem"]["type"]).replace("urn:problem:", "");
    assert!(text(&told["message"]).ends_with(&text(&told["problem"]["detail"])), "{told}");
    format!("{} {} {kind}", text(&told["fault"]), text(&told["problem"]["status"]))
}

fn order(customer: &str, product: &str, (quantity, token): (u32, &str)) -> Value {
    json!({
        "customer_id": customer, "items": {"item": [{"product_id": product, "quantity": quantity}]},
        "payment": {"method": "card", "token": token},
    })
}

#[tokio::test]
async fn every_operation_by_a_python_client_who_has_the_wsdl() {
    let (world, wsdl, by) = world().await;
    let lamp = world.product(4990, 10).await;
    let mut zeep = Zeep::reading(&wsdl, by).await;
    let register =
        json!({"email": format!("{}@example.com", new_key()), "password": "correct horse battery", "name": "Ann <&>"});
    let session = zeep.ask("RegisterCustomer", register).await;
    let customer = session["customer"]["id"].as_str().unwrap();
    assert_eq!(zeep.ask("GetCustomer", json!({"id": customer})).await["name"], "Ann <&>");
    let placed = zeep.ask("PlaceOrder", order(customer, &lamp, (2, "tok_visa"))).await;
    let (id, payment) = (placed["order"]["id"].as_str().unwrap(), &placed["payment"]["id"]);
    world.books(id).await.are_confirmed_and_charged_once();
    let read = zeep.ask("GetOrder", json!({"id": id})).await;
    assert_eq!((&read["status"], &read["total"]["amount"]), (&json!("confirmed"), &json!(9980)));
    let list = zeep.ask("ListOrders", json!({"customer_id": customer, "limit": 5})).await;
    assert_eq!(list["items"]["item"][0]["id"], id);
    assert_eq!(zeep.ask("GetPayment", json!({"id": payment})).await["status"], "captured");
    let euros = json!({"amount": 1000, "currency": "EUR"});
    let refund = json!({"id": payment, "amount": euros, "reason": "scratched"});
    assert_eq!(zeep.ask("RefundPayment", refund).await["amount"]["amount"], 1000);
    let cancelled = zeep.ask("CancelOrder", json!({"id": id, "reason": "changed my mind"})).await;
    assert_eq!(cancelled["status"], "cancelled");
    let refunded = async || world.get(&format!("/orders/{id}"), &world.operator).await.body["refund"] == "full";
    testbed::wait::until("the refund is recorded", IN_TIME, refunded).await.unwrap();
    assert_eq!((world.books(id).await.charged(), world.stock(&lamp).await), (0, 10));
}

#[tokio::test]
async fn whoever_asks_shows_who_it_is_and_learns_what_is_wrong() {
    let (world, wsdl, by) = world().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 2).await);
    let mut zeep = Zeep::reading(&wsdl, by.clone()).await;
    let (id, secret) = (&by["basic"][0], &by["basic"][1]);
    let missing = "soap:Client 404 not-found";
    for fine in [by.clone(), json!({"username": [id, secret]}), json!({"bearer": shopper.token})] {
        assert_eq!(zeep.fault_by(fine.clone()).await, missing, "{fine}");
    }
    assert_eq!(zeep.fault_by(json!({})).await, "soap:Client 401 authentication-required");
    assert_eq!(zeep.fault_by(json!({"basic": [id, "guess"]})).await, "soap:Client 401 wrong-credentials");
    assert_eq!(zeep.fault_by(json!({"username": ["nobody", secret]})).await, "soap:Client 401 wrong-credentials");
    assert_eq!(zeep.fault_by(json!({"bearer": "x.y.z"})).await, "soap:Client 401 invalid-token");
    let digest = json!({"username": [id, secret], "digest": true});
    assert_eq!(zeep.fault_by(digest).await, "soap:Client 400 unsupported-security");
    let both = json!({"basic": [id, secret], "username": [id, secret]});
    assert_eq!(zeep.fault_by(both).await, "soap:Client 400 ambiguous-credentials");
    let mine = order(&shopper.id, &lamp, (1, "tok_declined"));
    assert_eq!(zeep.fault("PlaceOrder", mine).await, "soap:Client 402 payment-declined");
    let many = order(&shopper.id, &lamp, (3, "tok_visa"));
    assert_eq!(zeep.fault("PlaceOrder", many).await, "soap:Client 409 out-of-stock");
    let none = order(&shopper.id, &lamp, (0, "tok_visa"));
    assert_eq!(zeep.fault("PlaceOrder", none).await, "soap:Client 422 invalid-request");
    let strange = order(&new_key(), &lamp, (1, "tok_visa"));
    assert_eq!(zeep.fault("PlaceOrder", strange).await, "soap:Client 404 customer-not-found");
    zeep.by = json!({"bearer": shopper.token});
    let refund = json!({"id": new_key(), "reason": "greed"});
    assert_eq!(zeep.fault("RefundPayment", refund).await, "soap:Client 403 forbidden");
    assert_eq!(world.stock(&lamp).await, 2);
}

#[tokio::test]
async fn a_command_is_one_by_its_name_whichever_door_it_took() {
    let (world, wsdl, by) = world().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let form = [("grant_type", "client_credentials")];
    let request = world.request(reqwest::Method::POST, "/auth/token", None).form(&form);
    let request = request.basic_auth(&world.system.client.id, Some(&world.system.client.secret));
    let token: Value = request.send().await.unwrap().json().await.unwrap();
    let machine = Shopper { id: shopper.id.clone(), token: token["access_token"].as_str().unwrap().to_owned() };
    let mut zeep = Zeep::reading(&wsdl, by).await;
    let (wanted, name) = (order(&shopper.id, &lamp, (2, "tok_visa")), format!("urn:uuid:{}", new_key()));
    let named = json!({"message_id": name});
    let first = zeep.tell("PlaceOrder", &wanted, named.clone()).await;
    assert!(first["answer"]["order"]["id"].is_string(), "{first}");
    let first = first["answer"]["order"]["id"].clone();
    assert_eq!(zeep.tell("PlaceOrder", &wanted, named.clone()).await["answer"]["order"]["id"], first);
    assert_eq!(zeep.tell("PlaceOrder", &wanted, json!({"key": name})).await["answer"]["order"]["id"], first);
    let by_http = world.place(&machine, &machine.wants(&lamp, 2, "tok_visa"), Some(&name)).await;
    assert_eq!((&by_http.is(201).body["order"]["id"], by_http.header("idempotent-replayed")), (&first, "true"));
    let other = zeep.tell("PlaceOrder", &order(&shopper.id, &lamp, (1, "tok_visa")), named).await;
    assert_eq!(fault(&other), "soap:Client 422 idempotency-mismatch");
    assert_eq!(world.stock(&lamp).await, 8);
}

#[tokio::test]
async fn what_is_not_settled_in_time_is_asked_for_by_its_name() {
    let (world, wsdl, by) = world().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let mut zeep = Zeep::reading(&wsdl, by).await;
    let (wanted, named) = (order(&shopper.id, &lamp, (1, "tok_visa")), json!({"message_id": new_key()}));
    world.system.kill(Binary::PaymentService).await.unwrap();
    let first = zeep.tell("PlaceOrder", &wanted, named.clone()).await;
    assert_eq!(fault(&first), "soap:Server 504 not-settled");
    let second = zeep.tell("PlaceOrder", &wanted, named.clone()).await;
    assert_eq!(fault(&second), "soap:Client 409 request-in-progress");
    world.system.start_again(Binary::PaymentService).await.unwrap();
    let zeep = Mutex::new(zeep);
    let again = async || zeep.lock().await.tell("PlaceOrder", &wanted, named.clone()).await["answer"].clone();
    let settled = async || again().await.is_object();
    testbed::wait::until("the order is confirmed", IN_TIME, settled).await.unwrap();
    world.books(again().await["order"]["id"].as_str().unwrap()).await.are_confirmed_and_charged_once();
    assert_eq!(world.stock(&lamp).await, 9);
}

#[tokio::test]
async fn another_toolkit_reads_the_same_wsdl() {
    let (world, wsdl, _) = world().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (id, secret) = (&world.system.client.id, &world.system.client.secret);
    let mut suds = Program::start("suds_client", &["suds-community==1.2.0"], &[&wsdl, id, secret]).await;
    let wanted = order(&shopper.id, &lamp, (1, "tok_mastercard"));
    let placed = suds.tell(&json!({"operation": "PlaceOrder", "arguments": wanted})).await;
    let order = placed["answer"]["order"]["id"].as_str().unwrap_or_else(|| panic!("{placed}"));
    world.books(order).await.are_confirmed_and_charged_once();
    let read = suds.tell(&json!({"operation": "GetOrder", "arguments": {"id": order}})).await;
    assert_eq!(read["answer"]["items"]["item"][0]["product_id"], lamp.as_str(), "{read}");
    let lost = suds.tell(&json!({"operation": "GetOrder", "arguments": {"id": new_key()}})).await;
    assert_eq!(lost["fault"], "soap:Client", "{lost}");
}
