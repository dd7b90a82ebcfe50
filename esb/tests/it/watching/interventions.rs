//! What operators see of a saga, and how they turn one back.

use contracts::{Customer, Id, OrderStatus, PaymentStatus};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Bus, until};
use crate::shop::{Fault, Shop, order_of};

const LATER: [(&str, &str); 1] = [("prefer", "respond-async")];

/// An order that is under way; its saga's path.
async fn placed(bus: &Bus, token: &str) -> (String, String) {
    let ada = Id::<Customer>::mint();
    let mut order = bus.ask(Method::POST, "/orders").bearer_auth(bus.issuer.customer(ada)).json(&order_of(ada, token));
    for (name, value) in LATER {
        order = order.header(name, value);
    }
    let order = bus.send(order).await.body["order_id"].as_str().unwrap().to_owned();
    let page = bus.get_as(&bus.issuer.operator(), &format!("/esb/sagas?subject={order}")).await;
    let saga = format!("/esb/sagas/{}", page.body["items"][0]["id"].as_str().unwrap());
    (order, saga)
}

async fn read(bus: &Bus, path: &str) -> Value {
    let answer = bus.get_as(&bus.issuer.operator(), path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

async fn cancel(bus: &Bus, saga: &str, body: &Value) -> crate::fixture::Answer {
    bus.post_as(&bus.issuer.operator(), &format!("{saga}/cancel"), body).await
}

/// Nothing is kept of the order, and everybody is told so.
async fn expect_nothing_kept(bus: &Bus, shop: &Shop, (order, saga): (&str, &str)) {
    until("it is undone", async || read(bus, saga).await["state"] == "compensated").await;
    let placement = read(bus, &format!("/orders/{order}/placement")).await;
    assert_eq!(
        (&placement["state"], &placement["problem"]["type"]),
        (&json!("refused"), &json!("urn:problem:saga-cancelled"))
    );
    assert_eq!(shop.stock(), 10);
    assert!(shop.payments().iter().all(|status| *status != PaymentStatus::Captured), "{:?}", shop.payments());
    assert!(shop.orders().iter().all(|order| order.status == OrderStatus::Cancelled), "{:?}", shop.orders());
}

#[actix_web::test]
async fn a_saga_whose_payment_is_held_back_is_cancelled_and_nothing_is_kept() {
    let shop = Shop::with_stock(10);
    shop.fails("PUT payments", &[Fault::Held]);
    let bus = Bus::before(&shop.upstream).await;
    let (order, saga) = placed(&bus, "tok_visa").await;
    until("the payment is asked for", async || shop.stock() == 9 && read(&bus, &saga).await["step"] == "take-payment")
        .await;
    let cancelled = cancel(&bus, &saga, &json!({"reason": "the customer called"})).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.text);
    // It may be undone by the time of the answer.
    assert!(["compensating", "compensated"].contains(&cancelled.body["state"].as_str().unwrap()), "{}", cancelled.text);
    let done = &cancelled.body["interventions"][0];
    assert_eq!((&done["action"], &done["reason"]), (&json!("cancelled"), &json!("the customer called")));
    assert!(done["actor"].as_str().unwrap().starts_with("operator:"), "{done}");
    expect_nothing_kept(&bus, &shop, (&order, &saga)).await;
    assert_eq!(shop.charges(), 0);
    assert_eq!(cancel(&bus, &saga, &json!({})).await.told(), "409 saga-settled");
    assert_eq!(read(&bus, &saga).await["interventions"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn another_instance_than_the_one_that_works_on_it_can_cancel_it() {
    let shop = Shop::with_stock(10);
    shop.fails("PUT payments", &[Fault::Held]);
    let bus = Bus::before(&shop.upstream).await;
    let (order, saga) = placed(&bus, "tok_visa").await;
    until("the payment is asked for", async || shop.stock() == 9 && read(&bus, &saga).await["step"] == "take-payment")
        .await;
    let twin = bus.twin().await;
    assert_eq!(cancel(&twin, &saga, &json!({})).await.status, 200);
    // The charge that was held back comes through while it is undone, or after.
    shop.release();
    until("it is undone", async || read(&twin, &saga).await["state"] == "compensated").await;
    assert_eq!(read(&twin, &format!("/orders/{order}/placement")).await["state"], "refused");
    assert_eq!(shop.stock(), 10);
    assert!(shop.orders().iter().all(|order| order.status == OrderStatus::Cancelled), "{:?}", shop.orders());
}

#[actix_web::test]
async fn what_can_not_be_cancelled_says_why() {
    let shop = Shop::with_stock(10);
    shop.fails("POST orders confirm", &[Fault::Held]);
    let bus = Bus::before(&shop.upstream).await;
    let (_, saga) = placed(&bus, "tok_visa").await;
    until("the order is being confirmed", async || read(&bus, &saga).await["step"] == "confirm-order").await;
    assert_eq!(cancel(&bus, &saga, &json!({})).await.told(), "409 saga-past-return");
    shop.release();
    until("it is done", async || read(&bus, &saga).await["state"] == "completed").await;
    assert_eq!(cancel(&bus, &saga, &json!({})).await.told(), "409 saga-settled");
    let unknown = format!("/esb/sagas/{}", Id::<Customer>::mint());
    assert_eq!(cancel(&bus, &unknown, &json!({})).await.told(), "404 saga-not-found");
    assert_eq!(cancel(&bus, &saga, &json!({"why": "x"})).await.status, 422);
    assert_eq!(cancel(&bus, &saga, &json!({"reason": "x".repeat(1001)})).await.status, 422);
    let customer = bus.issuer.customer(Id::<Customer>::mint());
    assert_eq!(bus.post_as(&customer, &format!("{saga}/cancel"), &json!({})).await.told(), "403 forbidden");
}

#[actix_web::test]
async fn a_saga_shows_what_went_in_and_came_out_but_no_secret() {
    let shop = Shop::with_stock(10);
    shop.fails("PUT payments", &[Fault::Held]);
    let bus = Bus::before(&shop.upstream).await;
    let (order, saga) = placed(&bus, "tok_visa").await;
    let has_output = async || read(&bus, &saga).await["steps"][1].get("output").is_some();
    until("the order is created", has_output).await;
    let shown = bus.get_as(&bus.issuer.operator(), &saga).await;
    assert!(!shown.text.contains("tok_visa"), "{}", shown.text);
    assert!(shown.body["input"].to_string().contains(&order) && shown.body["input"].to_string().contains("[hidden]"));
    assert!(shown.body["caller"].as_str().unwrap().starts_with("customer:"), "{}", shown.text);
    assert_eq!(shown.body["trace_id"].as_str().unwrap().len(), 32);
    assert!(!shown.body["request_id"].as_str().unwrap().is_empty());
    assert_eq!(shown.body["interventions"], json!([]));
    let xml = bus.ask(Method::GET, &saga).bearer_auth(bus.issuer.operator()).header("accept", "application/xml");
    let xml = bus.send(xml).await;
    assert!(xml.status == 200 && xml.text.contains("<saga ") && !xml.text.contains("<input"), "{}", xml.text);
    let count = async |state: &str| {
        let summary = read(&bus, "/esb/sagas/summary").await;
        let states = summary["states"].as_array().unwrap().clone();
        states.into_iter().find(|one| one["state"] == state).unwrap()
    };
    assert_eq!(count("running").await, json!({"state": "running", "count": 1, "more": false}));
    assert_eq!(count("stuck").await["count"], 0);
    shop.release();
    until("it is done", async || count("completed").await["count"] == 1).await;
    assert_eq!(read(&bus, &saga).await["outcome"]["order"]["id"], json!(order));
}
