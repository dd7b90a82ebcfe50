//! A lease is given, renewed, shared, given back, and ends.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::fixture::{Bus, until};
use crate::upstream::Upstream;

fn nobody() -> Upstream {
    Upstream::saying(200, json!({}))
}

fn end(registered: &Value) -> DateTime<Utc> {
    registered["lease_expires_at"].as_str().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn whoever_registers_is_found_and_asked_until_it_is_removed() {
    let (bus, shelf) = (Bus::before(&nobody()).await, Upstream::saying(200, json!({"books": 3})));
    let before = bus.get("/shelves/7").await;
    assert_eq!((before.told().as_str(), before.header("retry-after")), ("503 service-unavailable", "1"));
    assert_eq!(bus.discover("shelf-service").await.told(), "404 service-not-found");
    let came = bus.shelf_at(&format!("{}/", shelf.url), 30).await;
    assert_eq!(came.status, 201, "{}", came.text);
    let found = bus.discover("shelf-service").await.body;
    let instance = &found["instances"][0];
    assert_eq!((&found["name"], &found["service_url"]), (&json!("shelf-service"), &json!(shelf.url)));
    assert_eq!(
        (&instance["instance"], &instance["url"], &instance["healthy"], &instance["lease_expires_at"]),
        (&came.body["instance"], &json!(shelf.url), &json!(true), &came.body["lease_expires_at"])
    );
    assert_eq!(bus.get("/shelves/7?deep=1").await.body, json!({"books": 3}));
    assert_eq!(shelf.count("GET /shelves/7?deep=1"), 1);
    let id = came.body["instance"].as_str().unwrap();
    assert_eq!(bus.remove("order-service", id).await.told(), "404 instance-not-found", "under its own name only");
    assert_eq!(bus.remove("shelf-service", id).await.status, 204);
    assert_eq!(bus.get("/shelves/7").await.told(), "503 service-unavailable");
    for id in [id, "01890a5d-ac96-774b-bcce-b302099a8057", "no-id", "order-service-1"] {
        assert_eq!(bus.remove("shelf-service", id).await.told(), "404 instance-not-found");
    }
}

#[actix_web::test]
async fn the_same_again_renews() {
    let bus = Bus::before(&nobody()).await;
    let first = bus.shelf_at("http://127.0.0.1:9", 5).await;
    let again = bus.shelf_at("HTTP://127.0.0.1:9/", 600).await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body["instance"], again.body["instance"]);
    let gained = end(&again.body) - end(&first.body);
    assert!((590..700).contains(&gained.num_seconds()), "{gained}");
    let other = bus.shelf_at("http://127.0.0.1:10", 30).await;
    assert_eq!(other.status, 201);
    assert_ne!(other.body["instance"], first.body["instance"]);
    assert_eq!(bus.addresses("shelf-service").await, ["http://127.0.0.1:10", "http://127.0.0.1:9"]);
    let usual = bus.register(&json!({"name": "other", "url": "http://127.0.0.1:9"})).await;
    let left = end(&usual.body) - end(&first.body);
    assert!((25..90).contains(&left.num_seconds()), "30 s where nobody says otherwise: {left}");
}

#[actix_web::test]
async fn a_lease_that_nobody_renews_ends() {
    let (bus, shelf) = (Bus::before(&nobody()).await, Upstream::saying(200, json!({})));
    let first = bus.shelf_at(&shelf.url, 5).await;
    assert_eq!(bus.get("/shelves/7").await.status, 200);
    until("it is not found", async || bus.discover("shelf-service").await.status == 404).await;
    assert_eq!(bus.get("/shelves/7").await.told(), "503 service-unavailable");
    assert_eq!(bus.remove("shelf-service", first.body["instance"].as_str().unwrap()).await.status, 404);
    let back = bus.shelf_at(&shelf.url, 5).await;
    assert_eq!(back.status, 201, "whoever comes back is new");
    assert_ne!(back.body["instance"], first.body["instance"]);
    assert_eq!(bus.get("/shelves/7").await.status, 200);
}

#[actix_web::test]
async fn all_instances_of_the_bus_know_the_same() {
    let (bus, shelf) = (Bus::before(&nobody()).await, Upstream::saying(200, json!({})));
    let twin = bus.twin().await;
    let came = bus.shelf_at(&shelf.url, 600).await;
    until("the other knows", async || twin.get("/shelves/7").await.status == 200).await;
    assert_eq!(twin.shelf_at(&shelf.url, 600).await.body["instance"], came.body["instance"]);
    let late = bus.twin().await;
    until("one that comes later knows", async || late.get("/shelves/7").await.status == 200).await;
    assert_eq!(twin.remove("shelf-service", came.body["instance"].as_str().unwrap()).await.status, 204);
    until("the others know that it is gone", async || {
        bus.get("/shelves/7").await.status == 503 && late.get("/shelves/7").await.status == 503
    })
    .await;
}

#[actix_web::test]
async fn the_list_has_those_of_the_settings_and_those_that_came_page_by_page() {
    let own = ("REGISTRY__PUBLIC_URL", "http://127.0.0.1:9/".to_owned());
    let bus = Bus::changed(&nobody(), vec![own]).await;
    bus.shelf_at("http://127.0.0.1:9", 600).await;
    until("the bus itself is there", async || bus.discover("esb").await.status == 200).await;
    let (mut seen, mut path) = (Vec::new(), "/registry/services?limit=2".to_owned());
    loop {
        let page = bus.get_as(&bus.registrar(), &path).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let items = page.body["items"].as_array().unwrap();
        assert!(items.len() <= 2 && items.iter().all(|item| item["healthy"].is_boolean()));
        seen.extend(items.iter().map(|item| (item["name"].clone(), item["lease_expires_at"].is_string())));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/registry/services?limit=2&cursor={cursor}");
    }
    let settled = |name: &str| (json!(name), false);
    let wanted = [
        settled("customer-service"),
        (json!("esb"), true),
        settled("lost-service"),
        settled("order-service"),
        settled("payment-service"),
        (json!("shelf-service"), true),
    ];
    assert_eq!(seen, wanted);
    let twin = bus.twin().await;
    bus.stop();
    until("the bus has left", async || twin.discover("esb").await.status == 404).await;
}
