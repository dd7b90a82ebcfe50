//! What the broker must have, and what happens where it has something else, or is away.

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use serde_json::json;

use super::sender::{Sender, question};
use super::stage::{Stage, echo, quick, services};
use crate::fixture::{Bus, until};
use crate::upstream::Upstream;

async fn failing(url: &str) -> String {
    let bus = Bus::changed(&Upstream::saying(200, json!({})), quick(url)).await;
    until("it gives up", async || bus.tasks.failure().is_some()).await;
    bus.tasks.failure().unwrap().to_owned()
}

#[actix_web::test]
async fn a_conflict_ends_the_start_and_names_both_sides() {
    let vhost = testbed::shared().await.amqp_vhost("conflict").await;
    let sender = Sender::connect(&vhost.url).await;
    let classic = QueueDeclareOptions::durable();
    sender.channel.queue_declare("service_a_queue".into(), classic, FieldTable::default()).await.unwrap();
    let why = failing(&vhost.url).await;
    for word in ["service_a_queue", "PRECONDITION_FAILED", "received", "current"] {
        assert!(why.contains(word), "{word}: {why}");
    }
}

#[actix_web::test]
async fn a_user_who_may_not_speak_for_others_is_not_enough() {
    let shared = testbed::shared().await;
    let vhost = shared.amqp_vhost("plain").await;
    let http = testbed::http::client().unwrap();
    let put = async |path: String, body: serde_json::Value| {
        let answer = http.put(format!("{}/api/{path}", vhost.management_url)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success());
    };
    let user = format!("plain-{}", vhost.name);
    put(format!("users/{user}"), json!({"password": "p", "tags": ""})).await;
    let all = json!({"configure": ".*", "write": ".*", "read": ".*"});
    put(format!("permissions/{}/{user}", vhost.name), all).await;
    let mut url = vhost.url.parse::<url::Url>().unwrap();
    url.set_username(&user).unwrap();
    url.set_password(Some("p")).unwrap();
    let why = failing(url.as_str()).await;
    assert!(why.contains("impersonator"), "{why}");
    let gone = http.delete(format!("{}/api/users/{user}", vhost.management_url)).send().await.unwrap();
    assert!(gone.status().is_success());
}

#[actix_web::test]
async fn without_the_broker_http_goes_on_and_says_what_is_missing() {
    let upstream = Upstream::saying(200, json!({"ok": true}));
    let bus = Bus::changed(&upstream, quick("amqp://127.0.0.1:1/%2f")).await;
    assert_eq!(bus.get("/read/1").await.body, json!({"ok": true}));
    let ready = bus.get("/health/ready").await;
    assert_eq!((ready.status, &ready.body["checks"]["rabbitmq"]), (503, &json!("down")));
    assert_eq!(bus.tasks.failure(), None);
}

#[actix_web::test]
async fn two_instances_share_the_work_and_an_old_topology_is_met_again() {
    let stage = Stage::set(Vec::new(), echo).await;
    let issuer = std::sync::Arc::clone(&stage.bus.issuer);
    let other = services(std::sync::Arc::clone(&issuer), echo);
    let twin = Bus::issued(issuer, &[&other.url; 3].map(Clone::clone), quick(&stage.vhost.url)).await;
    super::stage::ready(&twin).await;
    for number in 0..40 {
        stage.sender.post("order.get", json!({"id": number}).to_string(), question()).await;
    }
    let shares = || {
        let asked = |upstream: &Upstream| upstream.seen().iter().filter(|seen| seen.line.starts_with("GET /")).count();
        (asked(&stage.upstream), asked(&other))
    };
    until("all are served", async || shares().0 + shares().1 == 40).await;
    assert!(shares().0 > 0 && shares().1 > 0, "{:?}", shares());
}

#[actix_web::test]
async fn the_operator_sees_all_doors_of_a_route() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let routes = bus.get_as(&bus.issuer.operator(), "/esb/routes?limit=100").await.body;
    let find = |name: &str| routes["items"].as_array().unwrap().iter().find(|route| route["name"] == name).unwrap();
    let all = json!({"http": "POST /orders/{id}/cancel", "amqp": "order.cancel", "soap": "CancelOrder"});
    assert_eq!(find("cancel-order")["from"], all);
    assert_eq!(find("service-a")["from"], json!({"amqp": "service_a"}));
    assert_eq!(find("service-a")["to"], json!({"queue": "service_a_queue"}));
}
