//! What operators see of the messages that pass.

use contracts::{Customer, Id};
use reqwest::Method;
use serde_json::{Value, json};

use super::sse::Stream;
use crate::fixture::{Answer, Bus, until};
use crate::shop::{Shop, order_of};
use crate::upstream::{Reply, Upstream};

async fn search(bus: &Bus, query: &str) -> Answer {
    bus.get_as(&bus.issuer.operator(), &format!("/esb/messages?{query}")).await
}

async fn found(bus: &Bus, query: &str) -> Vec<Value> {
    let answer = search(bus, query).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["items"].as_array().unwrap().clone()
}

/// The one message that this finds, with its bodies.
async fn message(bus: &Bus, query: &str) -> Value {
    until("it is put away", async || found(bus, query).await.len() == 1).await;
    let id = found(bus, query).await[0]["id"].as_str().unwrap().to_owned();
    bus.get_as(&bus.issuer.operator(), &format!("/esb/messages/{id}")).await.body
}

fn answering() -> Upstream {
    Upstream::start(async |seen| match seen.json()["say"].as_u64() {
        Some(status) => Reply::Json(u16::try_from(status).unwrap(), json!({"no": "thing"})),
        None => Reply::Json(201, json!({"access_token": "eyJ", "made": "it"})),
    })
}

#[actix_web::test]
async fn messages_are_found_by_what_they_were() {
    let bus = Bus::before(&answering()).await;
    let customer = Id::<Customer>::mint();
    let token = bus.issuer.customer(customer);
    for status in [200, 404, 500] {
        bus.post_as(&token, "/command", &json!({"say": status, "mark": format!("m{status}")})).await;
    }
    let marked = bus.ask(Method::GET, "/read/1?secret=x").header("x-request-id", "needle");
    assert_eq!(bus.send(marked).await.status, 201);
    until("all are put away", async || found(&bus, "").await.len() == 4).await;
    let statuses = |items: Vec<Value>| items.iter().map(|one| one["status"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(statuses(found(&bus, "").await), [201, 500, 404, 200]);
    assert_eq!(statuses(found(&bus, "route=command&door=http&outcome=refused").await), [404]);
    assert_eq!(statuses(found(&bus, "outcome=failed").await), [500]);
    assert_eq!(statuses(found(&bus, "status=200").await), [200]);
    assert_eq!(statuses(found(&bus, "text=m404").await), [404]);
    assert_eq!(statuses(found(&bus, &format!("text={customer}")).await), [500, 404, 200]);
    let needle = found(&bus, "request_id=needle").await;
    assert_eq!(needle[0]["operation"], "GET /read/1");
    let of_trace = found(&bus, &format!("trace_id={}", needle[0]["trace_id"].as_str().unwrap())).await;
    assert_eq!(of_trace, needle);
    let first = search(&bus, "limit=3").await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = search(&bus, &format!("limit=3&cursor={cursor}")).await;
    assert_eq!((second.body["items"][0]["status"].clone(), &second.body["next_cursor"]), (json!(200), &Value::Null));
    for wrong in ["limit=0", "cursor=x", "door=window", "rout=x"] {
        assert_eq!(search(&bus, wrong).await.status, 422, "{wrong}");
    }
}

#[actix_web::test]
async fn bodies_are_kept_without_their_secrets() {
    let bus = Bus::before(&answering()).await;
    let token = bus.issuer.customer(Id::<Customer>::mint());
    bus.post_as(&token, "/command", &json!({"mark": "here", "payment": {"token": "tok_visa"}, "password": "hunter2"}))
        .await;
    let kept = message(&bus, "route=command").await;
    let request: Value = serde_json::from_str(kept["request"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(request, json!({"mark": "here", "payment": {"token": "[hidden]"}, "password": "[hidden]"}));
    let answer: Value = serde_json::from_str(kept["answer"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(answer, json!({"access_token": "[hidden]", "made": "it"}));
    assert_eq!((&kept["answer"]["encoding"], &kept["answer"]["truncated"]), (&json!("utf-8"), &json!(false)));
    assert_eq!(kept["request_bytes"], 67);
    bus.send(bus.ask(Method::POST, "/auth/login").json(&json!({"email": "ada@x.org", "password": "hunter2"}))).await;
    let kept = message(&bus, "route=login").await;
    assert!(kept["request"].is_null() && kept["answer"].is_null() && kept["status"] == 201, "{kept}");
    bus.send(bus.ask(Method::POST, "/echo/1").body("anything")).await;
    assert!(message(&bus, "route=echo").await["request"].is_null());
    let all = search(&bus, "").await.text;
    assert!(!all.contains("hunter2") && !all.contains(&token), "{all}");
}

#[actix_web::test]
async fn the_oldest_makes_room() {
    let changes = vec![("MESSAGES__BUDGET_BYTES", "60000".to_owned()), ("MESSAGES__BODY_MAX_BYTES", "1500".to_owned())];
    let bus = Bus::changed(&answering(), changes).await;
    let token = bus.issuer.customer(Id::<Customer>::mint());
    for number in 0..30 {
        let body = json!({"a": format!("n{number}."), "filling": "ü".repeat(3000)});
        bus.post_as(&token, "/command", &body).await;
        until("it is put away", async || found(&bus, &format!("text=n{number}.")).await.len() == 1).await;
    }
    let kept = found(&bus, "limit=100&route=command").await;
    assert!((10..25).contains(&kept.len()), "{} messages of 2.5 KB within 52 KB", kept.len());
    assert_eq!(found(&bus, "text=n0.").await.len(), 0);
    let last = message(&bus, "text=n29.").await;
    assert!(last["request"]["truncated"] == true && last["request"]["encoding"] == "utf-8", "{last}");
    let gone = format!("/esb/messages/{}", Id::<Customer>::mint());
    assert_eq!(bus.get_as(&bus.issuer.operator(), &gone).await.told(), "404 message-not-found");
}

#[actix_web::test]
async fn with_no_budget_nothing_is_kept() {
    let bus = Bus::changed(&answering(), vec![("MESSAGES__BUDGET_BYTES", "0".to_owned())]).await;
    assert_eq!(bus.get("/read/1").await.status, 201);
    assert_eq!(found(&bus, "").await.len(), 0);
}

#[actix_web::test]
async fn operators_watch_messages_and_sagas_pass() {
    let bus = Bus::before(&Shop::with_stock(10).upstream).await;
    let (operator, ada) = (bus.issuer.operator(), Id::<Customer>::mint());
    let mut all = Stream::open(bus.ask(Method::GET, "/esb/stream").bearer_auth(&operator)).await;
    let narrow = bus.ask(Method::GET, "/esb/stream?route=place-order&outcome=done").bearer_auth(&operator);
    let mut narrow = Stream::open(narrow).await;
    bus.get(&format!("/products/{ada}")).await;
    let placed = bus.post_as(&bus.issuer.customer(ada), "/orders", &order_of(ada, "tok_visa")).await;
    assert_eq!(placed.status, 201, "{}", placed.text);
    let told = narrow.next().await.unwrap();
    let caller = json!(format!("customer:{ada}"));
    assert_eq!((told.name.as_str(), &told.data["status"], &told.data["caller"]), ("message", &json!(201), &caller));
    assert!(told.data["request"].is_null(), "bodies do not flow by");
    let at = told.data["at"].as_str().unwrap();
    assert!(at.split_once('.').is_none_or(|(_, fraction)| fraction.len() <= "123456Z".len()), "{at}");
    let (mut states, mut routes) = (Vec::new(), Vec::new());
    while routes.len() < 2 {
        let told = all.next().await.unwrap();
        match told.name.as_str() {
            "saga" => states.push(told.data["state"].clone()),
            _ => routes.push(told.data["route"].clone()),
        }
    }
    assert_eq!((routes, states.first()), (vec![json!("read-product"), json!("place-order")], Some(&json!("running"))));
    if states.len() < 2 {
        states.push(all.next().await.unwrap().data["state"].clone());
    }
    assert_eq!(states.last(), Some(&json!("completed")));
}

#[actix_web::test]
async fn what_passes_is_for_operators() {
    let bus = Bus::before(&answering()).await;
    let customer = bus.issuer.customer(Id::<Customer>::mint());
    for path in ["/esb/messages", "/esb/messages/01890a5d-ac96-774b-bcce-b302099a8057", "/esb/stream"] {
        assert_eq!(bus.get(path).await.told(), "401 authentication-required");
        assert_eq!(bus.get_as(&customer, path).await.told(), "403 forbidden");
    }
}
