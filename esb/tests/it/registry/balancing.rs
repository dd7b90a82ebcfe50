//! Instances take turns, and one that is gone is made up for by the others.

use reqwest::Method;
use serde_json::json;

use crate::fixture::Bus;
use crate::upstream::{Reply, Upstream};

/// Nobody listens there.
const GONE: &str = "http://127.0.0.1:1";

#[actix_web::test]
async fn each_in_its_turn() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let shelves = [(); 3].map(|()| Upstream::saying(200, json!({})));
    for shelf in &shelves {
        bus.shelf_at(&shelf.url, 600).await;
    }
    for _ in 0..12 {
        assert_eq!(bus.get("/shelves/7").await.status, 200);
    }
    assert_eq!(shelves.map(|shelf| shelf.count("GET /shelves/7")), [4, 4, 4]);
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(bus.discover("shelf-service").await.body["service_url"].as_str().unwrap().to_owned());
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 3, "whoever looks for it itself is sent to another each time");
}

#[actix_web::test]
async fn who_finds_nobody_asks_the_next() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let shelf = Upstream::saying(200, json!({"ok": true}));
    bus.shelf_at(GONE, 600).await;
    bus.shelf_at(&shelf.url, 600).await;
    for _ in 0..6 {
        assert_eq!(bus.get("/shelves/7").await.body, json!({"ok": true}));
        let filled = bus.send(bus.ask(Method::POST, "/shelves").json(&json!({"books": 1}))).await;
        assert_eq!((filled.status, &filled.body), (200, &json!({"ok": true})), "it can't have arrived");
    }
    let seen = shelf.seen();
    assert!(seen.iter().filter(|one| one.line == "POST /shelves").all(|one| one.json() == json!({"books": 1})));
    assert_eq!((shelf.count("GET /shelves/7"), shelf.count("POST /shelves")), (6, 6));
}

#[actix_web::test]
async fn one_in_trouble_is_made_up_for_where_asking_twice_is_harmless() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let (ill, well) = (Upstream::saying(503, json!({})), Upstream::saying(201, json!({"ok": true})));
    bus.shelf_at(&ill.url, 600).await;
    bus.shelf_at(&well.url, 600).await;
    for _ in 0..4 {
        assert_eq!(bus.get("/shelves/7").await.status, 201);
    }
    assert!(ill.count("GET /shelves/7") >= 1 && well.count("GET /shelves/7") == 4);
    let mut told = Vec::new();
    for _ in 0..2 {
        told.push(bus.send(bus.ask(Method::POST, "/shelves").json(&json!({}))).await.status);
    }
    told.sort_unstable();
    assert_eq!(told, [201, 503], "what may have been done is not done again");
}

#[actix_web::test]
async fn the_address_is_a_base_that_may_have_a_path() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let shelf = Upstream::start(async |seen| Reply::Json(200, json!({"line": seen.line})));
    bus.shelf_at(&format!("{GONE}/api/v2"), 600).await;
    bus.shelf_at(&format!("{}/api/v1/", shelf.url), 600).await;
    for _ in 0..2 {
        assert_eq!(bus.get("/shelves/a%20b?x=1").await.body, json!({"line": "GET /api/v1/shelves/a%20b?x=1"}));
    }
}
