//! Opening an account.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::fixture::{App, PASSWORD, answer, registration};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_customer_is_signed_in_at_once() {
    let app = App::start().await;
    let answer = app.post("/auth/register", registration("  Ada@Lovelace.org ", " Ada ")).await;
    assert_eq!(answer.status, 201);
    let session = &answer.body;
    assert_eq!(session["customer"]["email"], "Ada@Lovelace.org");
    assert_eq!(session["customer"]["name"], "Ada");
    assert_eq!(session["customer"]["status"], "active");
    assert_eq!((&session["token_type"], &session["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(session["refresh_token"].as_str().unwrap().len(), 43);
    let me = app.get_as(session["access_token"].as_str().unwrap(), "/customers/me").await;
    assert_eq!((me.status, &me.body), (200, &session["customer"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_serves_one_customer_only() {
    let app = App::start().await;
    app.register("ada@lovelace.org").await;
    let second = app.post("/auth/register", registration("ADA@Lovelace.ORG", "Another")).await;
    assert_eq!(second.refused(), (409, "email-taken"));
    let several = join_all((0..5).map(|_| app.post("/auth/register", registration("grace@hopper.org", "Grace")))).await;
    let mut statuses = several.iter().map(|answer| answer.status).collect::<Vec<_>>();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_mistakes_are_told_at_once() {
    let app = App::start().await;
    let wrong = json!({"email": "ada@nowhere", "password": "short", "name": " "});
    assert_eq!(app.post("/auth/register", wrong).await.pointers(), ["/email", "/password", "/name"]);
    let common = json!({"email": "ada@lovelace.org", "password": "Password123", "name": "n".repeat(201)});
    assert_eq!(app.post("/auth/register", common).await.pointers(), ["/password", "/name"]);
    let mut misspelt = registration("ada@lovelace.org", "Ada");
    misspelt["nmae"] = "x".into();
    assert_eq!(app.post("/auth/register", misspelt).await.pointers(), ["/nmae"]);
    let card = registration("ada@lovelace.org", "4111 1111 1111 1111");
    assert_eq!(app.post("/auth/register", card).await.pointers(), ["/name"]);
    assert_eq!(app.query("SELECT email AS value FROM customers WHERE NOT is_operator").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_json_is_refused() {
    let app = App::start().await;
    let post = || app.ask(Method::POST, "/auth/register");
    let broken = answer(post().header("content-type", "application/json").body("{\"email\": ")).await;
    assert_eq!(broken.refused(), (400, "malformed-body"));
    let form = answer(post().form(&[("email", "ada@lovelace.org")])).await;
    assert_eq!(form.refused(), (415, "unsupported-media-type"));
    let get = answer(app.ask(Method::GET, "/auth/register")).await;
    assert_eq!(get.refused(), (405, "method-not-allowed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_of_any_script_count_unchanged() {
    let app = App::start().await;
    let password = "  пароль 漢字 ☃ ";
    let body = json!({"email": "ada@lovelace.org", "password": password, "name": "Ada"});
    assert_eq!(app.post("/auth/register", body).await.status, 201);
    assert_eq!(app.login("ada@lovelace.org", password).await.status, 200);
    assert_eq!(app.login("ada@lovelace.org", password.trim()).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_slow_hash_of_the_password_is_stored() {
    let app = App::start().await;
    app.register("ada@lovelace.org").await;
    let hashes = app.query("SELECT password_hash AS value FROM customers").await;
    assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{hashes:?}");
    assert_ne!(hashes[0], hashes[1], "the same password gets another salt");
    assert!(!hashes.iter().any(|hash| hash.contains(PASSWORD)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_is_written_with_the_account() {
    let app = App::start().await;
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let body = registration("ada@lovelace.org", "Ada");
    let request = app.ask(Method::POST, "/auth/register").header("traceparent", traceparent).json(&body);
    let registered = answer(request.header("x-request-id", "sign-up-17")).await;
    let events = app.query("SELECT convert_from(body, 'UTF8') AS value FROM outbox ORDER BY seq DESC LIMIT 1").await;
    let event: serde_json::Value = serde_json::from_str(&events[0]).unwrap();
    assert_eq!(event["data"], registered.body["customer"]);
    assert_eq!((&event["specversion"], &event["source"]), (&json!("1.0"), &json!("/customer-service")));
    assert_eq!((&event["type"], &event["subject"]), (&json!("customer.registered"), &event["data"]["id"]));
    assert!(event["traceparent"].as_str().unwrap().contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    assert_eq!(event["requestid"], "sign-up-17");
}
