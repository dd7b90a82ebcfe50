//! The main job: an order is placed, paid, sent and delivered.

use reqwest::Method;
use serde_json::json;

use crate::world::{Answer, World, new_key};

#[tokio::test]
async fn an_order_is_confirmed_and_charged_once() {
    let world = World::start().await;
    let (shopper, lamp, rug) = (world.shopper().await, world.product(4990, 10).await, world.product(12_900, 3).await);
    let order = json!({
        "customer_id": shopper.id,
        "items": [{"product_id": lamp, "quantity": 2}, {"product_id": rug, "quantity": 1}],
        "shipping_address":
            {"name": "Ada", "line1": "Ring 1", "city": "Wien", "postal_code": "1010", "country": "AT"},
        "payment": {"method": "card", "token": "tok_visa"},
        "expected_total": {"amount": 22_880, "currency": "EUR"},
    });
    let placed = world.place(&shopper, &order, Some(&new_key())).await;
    placed.is(201);
    let (id, payment) = (placed.body["order"]["id"].as_str().unwrap(), &placed.body["payment"]);
    assert_eq!(placed.header("location"), format!("/orders/{id}"));
    assert_eq!((&placed.body["order"]["status"], &payment["status"]), (&json!("confirmed"), &json!("captured")));
    assert_eq!(payment["amount"], json!({"amount": 22_880, "currency": "EUR"}));
    assert_eq!(placed.body["order"]["shipping_address"], order["shipping_address"]);
    assert_eq!((world.stock(&lamp).await, world.stock(&rug).await), (8, 2));
    world.books(id).await.are_confirmed_and_charged_once();

    let read = world.get(&format!("/orders/{id}"), &shopper.token).await;
    assert_eq!(read.is(200).body, placed.body["order"]);
    let placement = world.get(&format!("/orders/{id}/placement"), &shopper.token).await;
    assert_eq!(placement.is(200).body["state"], "confirmed");
    assert_eq!(placement.body["order"]["id"], id);
}

#[tokio::test]
async fn it_travels_and_tells_its_history() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let placed = world.place(&shopper, &shopper.wants(&lamp, 1, "tok_mastercard"), None).await;
    let id = placed.is(201).body["order"]["id"].as_str().unwrap().to_owned();
    let ship = json!({"carrier": "Post", "tracking_number": "RR1"});
    world.post(&format!("/orders/{id}/ship"), Some(&shopper.token), &ship).await.refused(403, "forbidden");
    world
        .post(&format!("/orders/{id}/deliver"), Some(&world.operator), &json!({}))
        .await
        .refused(409, "illegal-transition");
    let shipped = world.post(&format!("/orders/{id}/ship"), Some(&world.operator), &ship).await;
    assert_eq!(shipped.is(200).body["shipment"], ship);
    let delivered = world.post(&format!("/orders/{id}/deliver"), Some(&world.operator), &json!({})).await;
    let history = delivered.is(200).body["history"].as_array().unwrap().clone();
    let states: Vec<_> = history.iter().map(|entry| entry["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["pending", "confirmed", "shipped", "delivered"]);
    assert_eq!(history[0]["by"], format!("customer:{}", shopper.id));
    let cancel = world.post(&format!("/orders/{id}/cancel"), Some(&shopper.token), &json!({})).await;
    cancel.refused(409, "illegal-transition");
    let listed = world.get("/orders?status=delivered&limit=1", &shopper.token).await;
    assert_eq!(listed.is(200).body["items"][0]["id"], id);
    assert_eq!(listed.body["next_cursor"], json!(null));
}

#[tokio::test]
async fn a_machine_client_places_for_a_customer() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let client = &world.system.client;
    let form = [("grant_type", "client_credentials"), ("client_id", &client.id), ("client_secret", &client.secret)];
    let granted = Answer::of(world.request(Method::POST, "/auth/token", None).form(&form).send().await.unwrap()).await;
    let token = granted.is(200).text("access_token");
    let placed = world.post("/orders", Some(&token), &shopper.wants(&lamp, 1, "tok_visa")).await;
    let id = placed.is(201).body["order"]["id"].as_str().unwrap();
    world.get(&format!("/orders/{id}"), &token).await.is(200);
    world.get(&format!("/orders/{id}"), &shopper.token).await.is(200);
    assert_eq!(world.get(&format!("/payments?order_id={id}"), &token).await.is(200).body["items"][0]["order_id"], id);
}

#[tokio::test]
async fn the_same_key_is_the_same_order() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let (order, key) = (shopper.wants(&lamp, 1, "tok_visa"), new_key());
    let first = world.place(&shopper, &order, Some(&key)).await;
    let again = world.place(&shopper, &order, Some(&key)).await;
    assert_eq!((again.is(201).header("idempotent-replayed"), &again.body), ("true", &first.is(201).body));
    world.place(&shopper, &shopper.wants(&lamp, 2, "tok_visa"), Some(&key)).await.refused(422, "idempotency-mismatch");
    let other = world.shopper().await;
    let others = world.place(&other, &other.wants(&lamp, 1, "tok_visa"), Some(&key)).await;
    assert_ne!(others.is(201).body["order"]["id"], first.body["order"]["id"], "keys are each caller's own");
    assert_eq!(world.stock(&lamp).await, 8);
}

#[tokio::test]
async fn one_who_does_not_wait_is_told_where_to_look() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    let request = world.placing(&shopper, &shopper.wants(&lamp, 1, "tok_visa"), Some(&new_key()));
    let accepted = Answer::of(request.header("prefer", "respond-async").send().await.unwrap()).await;
    let place = accepted.is(202).header("location").to_owned();
    assert!(place.ends_with("/placement"), "{place}");
    let settled = async || world.get(&place, &shopper.token).await.body["state"] == "confirmed";
    testbed::wait::until("the order is confirmed", crate::world::IN_TIME, settled).await.unwrap();
    let stranger = world.shopper().await;
    world.get(&place, &stranger.token).await.is(404);
}
