//! Erasing a customer's personal data.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{App, PASSWORD, SECRET, answer};

const EMAIL: &str = "ada@lovelace.org";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_that_says_who_it_was() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let path = format!("/customers/{}", ada.id);
    let address = json!({"name": "Ada Lovelace", "line1": "12 St James's Square", "city": "London",
        "postal_code": "SW1Y 4JH", "country": "GB"});
    app.send_as(&ada.token, (Method::POST, &format!("{path}/addresses")), address).await;
    for _ in 0..2 {
        assert_eq!(app.send_as(&ada.token, (Method::DELETE, &path), Value::Null).await.status, 204);
    }
    assert_eq!(app.login(EMAIL, PASSWORD).await.refused(), (401, "wrong-credentials"));
    assert_eq!(app.refresh(&ada.refresh).await.refused(), (401, "signed-out"));
    let rest = app.query("SELECT row(c.*)::text AS value FROM customers c WHERE NOT is_operator").await;
    assert!(rest.len() == 1 && !rest[0].to_lowercase().contains("ada") && !rest[0].contains("argon2"), "{rest:?}");
    assert_eq!(app.query("SELECT id::text AS value FROM addresses").await, [""; 0]);
    assert_eq!(app.query("SELECT family::text AS value FROM refresh_tokens").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_says_that_it_is_erased() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let path = format!("/customers/{}", ada.id);
    let operator = app.operator().await;
    assert_eq!(app.send_as(&operator.token, (Method::DELETE, &path), Value::Null).await.status, 204);
    for token in [operator.token.clone(), app.machine("shop", SECRET).await] {
        let left = app.get_as(&token, &path).await;
        let customer: contracts::Customer = serde_json::from_value(left.body).unwrap();
        assert_eq!(
            (customer.id.to_string(), customer.email.as_str(), customer.name.as_str()),
            (ada.id.clone(), "", "")
        );
        assert_eq!(customer.status, contracts::CustomerStatus::Erased);
    }
    let renamed = app.send_as(&operator.token, (Method::PATCH, &path), json!({"name": "Back"})).await;
    assert_eq!(renamed.refused(), (409, "customer-erased"));
    let book = format!("{path}/addresses");
    assert_eq!(app.get_as(&operator.token, &book).await.body["items"], json!([]));
    let address = json!({"name": "A", "line1": "1", "city": "C", "postal_code": "1", "country": "DE"});
    assert_eq!(app.send_as(&ada.token, (Method::POST, &book), address).await.refused(), (404, "not-found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_free_again() {
    let app = App::start().await;
    for _ in 0..2 {
        let ada = app.register(EMAIL).await;
        let erased = app.send_as(&ada.token, (Method::DELETE, &format!("/customers/{}", ada.id)), Value::Null).await;
        assert_eq!(erased.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_once() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let erase = || answer(app.ask(Method::DELETE, &format!("/customers/{}", ada.id)).bearer_auth(&ada.token));
    let answers = futures_util::future::join_all((0..5).map(|_| erase())).await;
    assert!(answers.iter().all(|answer| answer.status == 204), "{answers:?}");
    let told = "SELECT convert_from(body, 'UTF8') AS value FROM outbox WHERE kind = 'customer.erased'";
    let events = app.query(told).await;
    assert_eq!(events.len(), 1);
    let event: Value = serde_json::from_str(&events[0]).unwrap();
    assert_eq!((&event["data"]["id"], &event["data"]["email"]), (&json!(ada.id), &json!("")));
    assert_eq!((&event["data"]["status"], &event["subject"]), (&json!("erased"), &json!(ada.id)));
}
