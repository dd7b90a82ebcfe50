//! Placing an order: once, wholly or not at all, whatever the services do.

use contracts::{Customer, Id, OrderStatus, PaymentStatus};
use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::fixture::{Answer, Bus, Changes, until};
use crate::shop::{Fault, NOBODY, Shop, order_of};

/// A shop, a bus before it, and Ada.
struct Stage {
    shop: Shop,
    bus: Bus,
    ada: Id<Customer>,
}

impl Stage {
    async fn set() -> Self {
        Self::with(Vec::new()).await
    }

    async fn with(changes: Changes) -> Self {
        let shop = Shop::with_stock(10);
        let bus = Bus::changed(&shop.upstream, changes).await;
        Self { shop, bus, ada: Id::mint() }
    }

    fn ordering(&self, token: &str) -> RequestBuilder {
        self.ordering_as(&self.bus.issuer.customer(self.ada), &order_of(self.ada, token))
    }

    fn ordering_as(&self, token: &str, order: &Value) -> RequestBuilder {
        self.bus.ask(Method::POST, "/orders").bearer_auth(token).json(order)
    }

    async fn placement(&self, location: &str) -> Answer {
        self.bus.get_as(&self.bus.issuer.customer(self.ada), location).await
    }

    fn is_sold_once(&self) -> bool {
        let confirmed = self.shop.orders().iter().all(|order| order.status == OrderStatus::Confirmed);
        confirmed && (self.shop.orders().len(), self.shop.charges(), self.shop.stock()) == (1, 1, 9)
    }

    fn is_as_if_nothing_happened(&self) -> bool {
        let cancelled = self.shop.orders().iter().all(|order| order.status == OrderStatus::Cancelled);
        let kept = self.shop.payments().contains(&PaymentStatus::Captured);
        cancelled && !kept && self.shop.stock() == 10
    }
}

#[actix_web::test]
async fn an_order_is_confirmed_and_charged_once() {
    let stage = Stage::set().await;
    let placed = stage.bus.send(stage.ordering("tok_visa")).await;
    assert_eq!(placed.told(), "201", "{placed:?}");
    let order = placed.body["order"]["id"].as_str().unwrap();
    assert_eq!(placed.header("location"), format!("/orders/{order}"));
    assert_eq!(
        (&placed.body["order"]["status"], &placed.body["payment"]["status"]),
        (&json!("confirmed"), &json!("captured"))
    );
    assert_eq!(placed.body["order"]["payment_id"], placed.body["payment"]["id"]);
    assert!(stage.is_sold_once());
    let placement = stage.placement(&format!("/orders/{order}/placement")).await;
    assert_eq!((&placement.body["state"], &placement.body["order"]["id"]), (&json!("confirmed"), &json!(order)));
    let put = stage.shop.upstream.seen().into_iter().find(|seen| seen.line.starts_with("PUT /orders")).unwrap();
    assert_eq!(put.json()["placed_by"], format!("customer:{}", stage.ada));
    assert_eq!(put.header("x-request-id").unwrap(), placed.header("x-request-id"));
}

#[actix_web::test]
async fn a_declined_payment_leaves_nothing_but_the_reason() {
    let stage = Stage::set().await;
    let (token, wanted) = (stage.bus.issuer.customer(stage.ada), order_of(stage.ada, "tok_declined"));
    let declined = stage.bus.send(stage.ordering_as(&token, &wanted).header("idempotency-key", "k")).await;
    assert_eq!(
        (declined.told().as_str(), &declined.body["detail"]),
        ("402 payment-declined", &json!("the provider declined the payment: insufficient funds"))
    );
    assert_eq!(declined.body["instance"], declined.header("x-request-id"));
    assert!(stage.is_as_if_nothing_happened());
    assert_eq!(stage.shop.orders()[0].cancel_reason.as_deref(), Some("payment declined: insufficient funds"));
    let order = stage.shop.orders()[0].id;
    let placement = stage.placement(&format!("/orders/{order}/placement")).await;
    assert_eq!((&placement.body["state"], &placement.body["problem"]), (&json!("refused"), &declined.body));
    let again = stage.bus.send(stage.ordering_as(&token, &wanted).header("idempotency-key", "k")).await;
    assert_eq!((again.is_replayed(), &again.body), (true, &declined.body), "it is told what the first was told");
}

#[actix_web::test]
async fn who_does_not_wait_is_told_of_a_refusal_by_the_request_that_placed() {
    let stage = Stage::set().await;
    let accepted = stage.bus.send(stage.ordering("tok_declined").header("prefer", "respond-async")).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    let placement = async || stage.placement(accepted.header("location")).await.body;
    until("it is refused", async || placement().await["state"] == "refused").await;
    assert_eq!(placement().await["problem"]["instance"], accepted.header("x-request-id"));
}

#[actix_web::test]
async fn a_parameter_that_nobody_knows_is_refused_before_anything_is_done() {
    let stage = Stage::set().await;
    let (token, order) = (stage.bus.issuer.customer(stage.ada), order_of(stage.ada, "tok_visa"));
    let unknown = stage.bus.post_as(&token, "/orders?wiat=5&a%2Fb", &order).await;
    assert_eq!((unknown.told().as_str(), unknown.pointers()), ("422 invalid-query", vec!["/wiat", "/a~1b"]));
    let nobody = stage.bus.get_as(&token, &format!("/orders/{NOBODY}/placement?deep=1")).await;
    assert_eq!((nobody.status, nobody.pointers()), (422, vec!["/deep"]));
    let overview = stage.bus.get_as(&token, &format!("/customers/{}/overview?x=", stage.ada)).await;
    assert_eq!((overview.status, overview.pointers()), (422, vec!["/x"]));
    assert_eq!((stage.shop.upstream.seen().len(), stage.shop.orders().len()), (0, 0));
    assert_eq!(stage.bus.post_as(&token, "/orders?", &order).await.status, 201, "an empty query asks for nothing");
}

#[actix_web::test]
async fn what_cannot_be_had_is_refused_before_any_payment() {
    let stage = Stage::set().await;
    let mut order = order_of(stage.ada, "tok_visa");
    order["items"][0]["quantity"] = json!(11);
    let token = stage.bus.issuer.customer(stage.ada);
    assert_eq!(stage.bus.send(stage.ordering_as(&token, &order)).await.told(), "409 out-of-stock");
    assert_eq!((stage.shop.payments().len(), stage.shop.stock()), (0, 10));
}

#[actix_web::test]
async fn everything_that_is_wrong_with_an_order_is_said_at_once() {
    let stage = Stage::set().await;
    let token = stage.bus.issuer.customer(stage.ada);
    let mut order = order_of(stage.ada, "visa");
    order["items"] = json!([{"product_id": NOBODY, "quantity": 0}, {"product_id": NOBODY, "quantity": 1001}]);
    let wrong = stage.bus.send(stage.ordering_as(&token, &order)).await;
    assert_eq!(wrong.told(), "422 invalid-request");
    assert_eq!(wrong.pointers(), ["/items/0/quantity", "/items/1/quantity", "/items/1/product_id", "/payment/token"]);
    let changes: [(&str, Value, &str); 4] = [
        ("quantity", json!(-1), "/items/0/quantity"),
        ("quantity", json!(1e20), "/items/0/quantity"),
        ("quantity", json!("1"), "/items/0/quantity"),
        ("quantty", json!(1), "/items/0/quantty"),
    ];
    for (field, value, pointer) in changes {
        let mut order = order_of(stage.ada, "tok_visa");
        order["items"][0][field] = value;
        let wrong = stage.bus.send(stage.ordering_as(&token, &order)).await;
        assert_eq!((wrong.status, wrong.pointers()), (422, vec![pointer]), "{wrong:?}");
    }
    let broken = stage.bus.ask(Method::POST, "/orders").bearer_auth(&token).header("content-type", "application/json");
    assert_eq!(stage.bus.send(broken.body("{\"customer_id\":")).await.told(), "400 malformed-body");
    assert_eq!(stage.shop.upstream.seen().len(), 0);
}

#[actix_web::test]
async fn customers_order_for_themselves_and_clients_for_those_who_exist() {
    let stage = Stage::set().await;
    let stranger = stage.bus.issuer.customer(Id::<Customer>::mint());
    let order = order_of(stage.ada, "tok_visa");
    assert_eq!(stage.bus.send(stage.ordering_as(&stranger, &order)).await.told(), "404 customer-not-found");
    let client = stage.bus.issuer.client("shop", &["orders:place"]);
    let placed = stage.bus.send(stage.ordering_as(&client, &order)).await;
    assert_eq!(placed.told(), "201");
    let nobody = order_of(NOBODY.parse().unwrap(), "tok_visa");
    assert_eq!(stage.bus.send(stage.ordering_as(&client, &nobody)).await.told(), "404 customer-not-found");
    let location = format!("{}/placement", placed.header("location"));
    assert_eq!(stage.placement(&location).await.told(), "404 not-found", "Ada did not place it");
    let operator = stage.bus.issuer.operator();
    assert_eq!(stage.bus.get_as(&operator, &location).await.body["state"], "confirmed");
}

#[actix_web::test]
async fn of_twenty_posts_with_one_key_one_is_an_order() {
    let stage = Stage::set().await;
    let (twin, order) = (stage.bus.twin().await, order_of(stage.ada, "tok_visa"));
    let post = async |number: usize| {
        let bus = if number.is_multiple_of(2) { &stage.bus } else { &twin };
        let request = bus.ask(Method::POST, "/orders").bearer_auth(bus.issuer.customer(stage.ada));
        bus.send(request.header("idempotency-key", "k").json(&order)).await
    };
    let answers = join_all((0..20).map(post)).await;
    let told = answers.iter().map(Answer::told).collect::<Vec<_>>();
    assert!(told.iter().all(|told| told == "201" || told == "409 request-in-progress"), "{told:?}");
    assert_eq!(answers.iter().filter(|answer| answer.status == 201 && !answer.is_replayed()).count(), 1, "{told:?}");
    let again = post(1).await;
    assert_eq!((again.status, again.is_replayed()), (201, true));
    assert!(stage.is_sold_once());
    let mut other = order;
    other["items"][0]["quantity"] = json!(2);
    let token = stage.bus.issuer.customer(stage.ada);
    let other = stage.bus.send(stage.ordering_as(&token, &other).header("idempotency-key", "k")).await;
    assert_eq!(other.told(), "422 idempotency-mismatch");
}

#[actix_web::test]
async fn lost_answers_and_broken_services_change_nothing_in_the_end() {
    let steps = ["POST token grant", "GET customers", "PUT orders", "PUT payments", "POST orders confirm"];
    for step in steps {
        let stage = Stage::set().await;
        let faults = [Fault::Lost, Fault::Status(503), Fault::Status(401), Fault::Status(429), Fault::Lost];
        stage.shop.fails(step, &faults);
        let placed = stage.bus.send(stage.ordering("tok_visa")).await;
        assert_eq!(placed.told(), "201", "{step}: {placed:?}");
        assert!(stage.is_sold_once(), "{step}");
    }
    for step in ["POST payments void", "POST orders cancel"] {
        let stage = Stage::set().await;
        stage.shop.fails(step, &[Fault::Lost, Fault::Status(503), Fault::Status(500)]);
        let declined = stage.bus.send(stage.ordering("tok_declined")).await;
        assert_eq!(declined.told(), "402 payment-declined", "{step}");
        assert!(stage.is_as_if_nothing_happened(), "{step}");
    }
}

#[actix_web::test]
async fn callers_wait_as_long_as_they_like() {
    let stage = Stage::set().await;
    stage.shop.fails("PUT payments", &[Fault::Slow(1500), Fault::Slow(1500)]);
    let waited =
        stage.bus.send(stage.ordering("tok_visa").header("prefer", "wait=\"1\"").header("idempotency-key", "a")).await;
    assert_eq!((waited.status, waited.header("preference-applied")), (202, "wait=1"));
    let while_running = stage
        .bus
        .send(stage.ordering("tok_visa").header("idempotency-key", "b").header("prefer", "respond-async"))
        .await;
    assert_eq!((while_running.status, while_running.header("preference-applied")), (202, "respond-async"));
    for accepted in [&waited, &while_running] {
        let order = accepted.body["order_id"].as_str().unwrap();
        assert_eq!(accepted.header("location"), format!("/orders/{order}/placement"));
        assert_eq!(accepted.body["state"], "running");
        until("it is confirmed", async || {
            stage.placement(accepted.header("location")).await.body["state"] == "confirmed"
        })
        .await;
    }
    assert_eq!((stage.shop.charges(), stage.shop.stock()), (2, 8));
}

#[actix_web::test]
async fn a_caller_who_hangs_up_finds_the_order_placed() {
    let stage = Stage::set().await;
    stage.shop.fails("PUT orders", &[Fault::Held]);
    let order = order_of(stage.ada, "tok_visa");
    let token = stage.bus.issuer.customer(stage.ada);
    let post = || stage.ordering_as(&token, &order).header("idempotency-key", "k");
    let caller = actix_web::rt::spawn(post().send());
    let asked = async || stage.shop.upstream.seen().iter().any(|seen| seen.line.starts_with("PUT /orders"));
    until("the order is being created", asked).await;
    caller.abort();
    assert_eq!(stage.bus.send(post()).await.told(), "409 request-in-progress");
    stage.shop.release();
    until("the first answer comes again", async || stage.bus.send(post()).await.is_replayed()).await;
    assert!(stage.is_sold_once());
}

#[actix_web::test]
async fn silence_past_the_deadline_is_taken_back_by_id() {
    let stage = Stage::with(vec![("SAGA__DEADLINE_S", "1".to_owned())]).await;
    stage.shop.fails("PUT payments", &[Fault::Lost; 200]);
    let late = stage.bus.send(stage.ordering("tok_visa")).await;
    assert_eq!(late.status, 504, "{late:?}");
    assert_eq!(stage.shop.charges(), 1, "it was charged, though nobody heard");
    assert!(stage.is_as_if_nothing_happened());
}

#[actix_web::test]
async fn an_order_that_one_instance_began_another_brings_to_its_end() {
    let stage = Stage::set().await;
    let twin = stage.bus.twin().await;
    stage.shop.fails("PUT payments", &[Fault::Lost; 40]);
    let accepted = stage.bus.send(stage.ordering("tok_visa").header("prefer", "respond-async")).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    stage.bus.stop();
    stage.shop.fails("PUT payments", &[]);
    let token = stage.bus.issuer.customer(stage.ada);
    let placement = async || twin.get_as(&token, accepted.header("location")).await;
    until("it is confirmed", async || placement().await.body["state"] == "confirmed").await;
    assert!(stage.is_sold_once());
}
