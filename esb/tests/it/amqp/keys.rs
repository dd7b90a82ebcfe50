//! What is kept under a message's id: one command, and nothing secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contracts::Id;
use reqwest::Method;
use serde_json::{Value, json};

use super::sender::{command, header};
use super::stage::{Stage, echo};
use crate::shop::{Shop, order_of};
use crate::upstream::{Reply, Seen};

const REGISTER: &str = "customer.register";
const ROWS: &str = "SELECT concat_ws(' ', caller, idempotency_key, headers, convert_from(body, 'UTF8')) AS text \
FROM idempotency";
const DIGESTS: &str = "SELECT encode(digest, 'base64') AS text FROM idempotency";

fn new(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "name": "Ada"})
}

/// As customer-service does it.
fn signing_in(seen: &Seen) -> Reply {
    if seen.line != "POST /auth/register" {
        return echo(seen);
    }
    let customer = json!({"id": "c1", "email": seen.json()["email"]});
    let tokens = json!({"access_token": "s3cret-a", "refresh_token": "s3cret-r", "token_type": "Bearer"});
    Reply::Json(201, json!({"customer": customer, "session": tokens, "expires_in": 900}))
}

#[actix_web::test]
async fn of_a_registration_no_password_and_no_session_is_kept() {
    let stage = Stage::set(Vec::new(), signing_in).await;
    let register = async |body: Value| stage.sender.ask(REGISTER, body.to_string(), command("m")).await;
    let first = register(new("a@b.c", "p4ssword")).await;
    assert_eq!((first.status, &first.body["session"]["refresh_token"]), (201, &json!("s3cret-r")), "{first:?}");
    let kept = stage.bus.kept(ROWS).await;
    assert!(kept.len() == 1 && kept[0].contains("a@b.c"), "{kept:?}");
    assert!(!kept[0].contains("s3cret") && !kept[0].contains("p4ssword"), "{kept:?}");
    let of_another = esb::policy::digest("POST", "/auth/register", new("a@b.c", "other").to_string().as_bytes());
    assert_eq!(stage.bus.kept(DIGESTS).await, [STANDARD.encode(of_another)], "nobody can try passwords on it");

    let again = register(new("a@b.c", "p4ssword")).await;
    assert_eq!((again.status, &again.body["customer"]), (201, &first.body["customer"]));
    assert_eq!(again.body["session"]["refresh_token"], "[hidden]", "who comes again signs in");
    assert_eq!(stage.asked().len(), 1);
    stage.sender.expect_no_letters().await;
    assert_eq!(register(new("b@b.c", "p4ssword")).await.told(), "422 idempotency-mismatch");
    assert_eq!(header(&stage.sender.letter().await, "x-dead-reason").unwrap(), "idempotency-mismatch");
}

#[actix_web::test]
async fn nor_of_one_that_an_operator_sends() {
    let stage = Stage::set(vec![("AMQP__UNNAMED_CLIENT", "shop".to_owned())], signing_in).await;
    let message = |email: &str| {
        let body = new(email, "p4ssword").to_string();
        json!({"routing_key": REGISTER, "content_type": "application/json", "body": body, "wait_ms": 30_000})
    };
    let publish = async |email: &str| {
        let request = stage.bus.ask(Method::POST, "/esb/publish").bearer_auth(stage.bus.issuer.operator());
        stage.bus.send(request.header("idempotency-key", "k").json(&message(email))).await
    };
    let first = publish("a@b.c").await;
    assert!(first.status == 200 && first.text.contains("s3cret-r"), "{}", first.text);
    let kept = stage.bus.kept(ROWS).await;
    assert!(kept.len() == 2 && kept.iter().all(|row| row.contains("a@b.c")), "{kept:?}");
    assert!(kept.iter().all(|row| !row.contains("s3cret") && !row.contains("p4ssword")), "{kept:?}");
    let again = publish("a@b.c").await;
    assert_eq!((again.is_replayed(), &again.body["message_id"]), (true, &first.body["message_id"]));
    assert_eq!(publish("b@b.c").await.told(), "422 idempotency-mismatch");
}

#[actix_web::test]
async fn the_id_of_an_order_is_no_other_command() {
    let shop = Shop::with_stock(10);
    let stage = Stage::before(&shop, Vec::new()).await;
    let order = order_of(Id::mint(), "tok_visa").to_string();
    let placed = stage.sender.ask("order.place", &order, command("m")).await;
    assert_eq!(placed.status, 201, "{placed:?}");
    let cancel = json!({"id": placed.body["order"]["id"]});
    let told = stage.sender.ask("order.cancel", cancel.to_string(), command("m")).await;
    assert_eq!(told.told(), "422 idempotency-mismatch");
    assert_eq!(header(&stage.sender.letter().await, "x-dead-reason").unwrap(), "idempotency-mismatch");
    assert_eq!(shop.stock(), 9, "nobody was asked to cancel it");
    let token = stage.bus.issuer.client("shop", &["orders:place"]);
    let path = format!("/orders/{}/cancel", cancel["id"].as_str().unwrap());
    let by_http = stage.bus.ask(Method::POST, &path).bearer_auth(token).header("idempotency-key", "m");
    assert_eq!(stage.bus.send(by_http.json(&json!({}))).await.told(), "422 idempotency-mismatch");
    assert_eq!(stage.sender.ask("order.place", &order, command("m")).await.body, placed.body);
    let cancelled = stage.sender.ask("order.cancel", cancel.to_string(), command("n")).await;
    assert_ne!(cancelled.status, 422, "{cancelled:?}");
}
