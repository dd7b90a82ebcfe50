//! Reading and changing profiles.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Answer, App, Person, answer};

async fn change(app: &App, who: &Person, (id, body): (&str, serde_json::Value)) -> Answer {
    app.send_as(&who.token, (Method::PATCH, &format!("/customers/{id}")), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_its_owner_s_and_an_operator_s() {
    let app = App::start().await;
    let (ada, eve, operator) =
        (app.register("ada@lovelace.org").await, app.register("eve@evil.org").await, app.operator().await);
    let path = format!("/customers/{}", ada.id);
    assert_eq!(app.get_as(&ada.token, &path).await.body["email"], "ada@lovelace.org");
    assert_eq!(app.get_as(&operator.token, &path).await.body["email"], "ada@lovelace.org");
    for (method, body) in
        [(Method::GET, json!(null)), (Method::PATCH, json!({"nmae": 1})), (Method::DELETE, json!(null))]
    {
        assert_eq!(app.send_as(&eve.token, (method, &path), body).await.refused(), (404, "not-found"));
    }
    assert_eq!(app.get_as(&ada.token, &path).await.body["status"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found() {
    let app = App::start().await;
    let operator = app.operator().await;
    for id in ["01890a5d-ac96-774b-bcce-b302099a8057", "1", "me2", "%00", "01890a5dac96774bbcceb302099a8057"] {
        let path = format!("/customers/{id}");
        assert_eq!(app.get_as(&operator.token, &path).await.refused(), (404, "not-found"), "{id}");
        let changed = app.send_as(&operator.token, (Method::PATCH, &path), json!({"name": "x"})).await;
        assert_eq!(changed.refused(), (404, "not-found"), "{id}");
        let erased = app.send_as(&operator.token, (Method::DELETE, &path), json!(null)).await;
        assert_eq!(erased.refused(), (404, "not-found"), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_comes_before_what_is_asked() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let (profile, book) = (format!("/customers/{}", ada.id), format!("/customers/{}/addresses", ada.id));
    let asked = [
        (Method::GET, "/customers/me"),
        (Method::GET, "/customers?limit=x"),
        (Method::PATCH, profile.as_str()),
        (Method::DELETE, &profile),
        (Method::POST, &book),
        (Method::GET, &book),
    ];
    for (method, path) in asked {
        let answer = answer(app.ask(method, path).header("content-type", "application/json").body("{")).await;
        assert_eq!(answer.refused(), (401, "authentication-required"), "{path}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    assert_eq!(app.get_as(&ada.token, "/customers?limit=x").await.refused(), (403, "forbidden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_leaves_what_it_does_not_name() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let renamed = change(&app, &ada, (&ada.id, json!({"name": " Countess "}))).await;
    assert_eq!((renamed.status, &renamed.body["name"]), (200, &json!("Countess")));
    assert_eq!(renamed.body["email"], "ada@lovelace.org");
    let moved = change(&app, &ada, (&ada.id, json!({"email": "Ada@Byron.org"}))).await;
    assert_eq!((&moved.body["email"], &moved.body["name"]), (&json!("Ada@Byron.org"), &json!("Countess")));
    assert!(moved.body["updated_at"].as_str() > moved.body["created_at"].as_str());
    assert_eq!(app.login("ada@byron.org", crate::fixture::PASSWORD).await.status, 200);
    assert_eq!(app.login("ada@lovelace.org", crate::fixture::PASSWORD).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_change_changes_nothing() {
    let app = App::start().await;
    let (ada, _grace) = (app.register("ada@lovelace.org").await, app.register("grace@hopper.org").await);
    let both = change(&app, &ada, (&ada.id, json!({"name": "", "email": "x"}))).await;
    assert_eq!(both.pointers(), ["/email", "/name"]);
    let taken = change(&app, &ada, (&ada.id, json!({"name": "Ada II", "email": "GRACE@hopper.org"}))).await;
    assert_eq!(taken.refused(), (409, "email-taken"));
    for field in ["id", "status", "is_operator", "role", "password", "created_at", "version"] {
        let answer = change(&app, &ada, (&ada.id, json!({"name": "Ada II", field: "x"}))).await;
        assert_eq!(answer.pointers(), [format!("/{field}")]);
    }
    assert_eq!(app.get_as(&ada.token, "/customers/me").await.body["name"], "ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_change_is_refused() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let path = format!("/customers/{}", ada.id);
    let tag = app.get_as(&ada.token, &path).await.header("etag").to_owned();
    let with_tag = |name: &str| {
        let request = app.ask(Method::PATCH, &path).bearer_auth(&ada.token).header("if-match", &tag);
        answer(request.json(&json!({"name": name})))
    };
    let answers = join_all(["One", "Two", "Three"].map(with_tag)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.refused(), (412, "stale"));
    }
    let now = app.get_as(&ada.token, &path).await;
    assert_ne!(now.header("etag"), tag);
    assert_eq!(change(&app, &ada, (&ada.id, json!({"name": "Any"}))).await.status, 200);
}
