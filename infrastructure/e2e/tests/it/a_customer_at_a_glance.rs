//! The overview of a customer: one page's worth from three services, of which some may be away.

use testbed::binary::Binary;

use crate::world::{World, new_key};

#[tokio::test]
async fn what_is_away_is_missing_and_the_rest_is_there() {
    let world = World::start().await;
    let (ann, bob, lamp) = (world.shopper().await, world.shopper().await, world.product(4990, 10).await);
    let placed = world.place(&ann, &ann.wants(&lamp, 1, "tok_visa"), Some(&new_key())).await;
    let path = format!("/customers/{}/overview", ann.id);
    let all = world.get(&path, &ann.token).await;
    assert_eq!(all.is(200).body["customer"]["id"], ann.id);
    assert_eq!(all.body["orders"][0]["id"], placed.is(201).body["order"]["id"]);
    assert_eq!(all.body["payments"][0]["id"], placed.body["payment"]["id"]);
    assert_eq!(all.body["missing"], serde_json::json!([]));
    assert_eq!(world.get(&path, &world.operator).await.is(200).body["customer"]["id"], ann.id);
    assert_eq!(world.get(&path, &bob.token).await.status, 404);
    world.system.kill(Binary::PaymentService).await.unwrap();
    let rest = world.get(&path, &ann.token).await;
    assert_eq!(rest.is(200).body["missing"], serde_json::json!(["payments"]));
    assert_eq!((&rest.body["orders"], rest.body.get("payments")), (&all.body["orders"], None));
}
