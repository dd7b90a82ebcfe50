//! Refresh tokens: one use each, and a family that ends together.

use chassis::Clock;
use chrono::{DateTime, Duration};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Answer, App, PASSWORD, answer, person};

const EMAIL: &str = "ada@lovelace.org";

#[tokio::test(flavor = "multi_thread")]
async fn each_token_gives_the_next_one() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let second = app.refresh(&ada.refresh).await;
    assert_eq!(second.status, 200);
    assert_eq!(second.body["customer"]["id"], ada.id);
    let second = person(&second);
    assert_ne!(second.refresh, ada.refresh);
    assert_eq!(app.get_as(&second.token, "/customers/me").await.status, 200);
    assert_eq!(app.refresh(&second.refresh).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_token_ends_its_family_and_no_other() {
    let app = App::start().await;
    let phone = app.register(EMAIL).await;
    let laptop = person(&app.login(EMAIL, PASSWORD).await);
    let next = person(&app.refresh(&phone.refresh).await);
    assert_eq!(app.refresh(&phone.refresh).await.refused(), (401, "signed-out"));
    assert_eq!(app.refresh(&next.refresh).await.refused(), (401, "signed-out"));
    assert_eq!(app.refresh(&laptop.refresh).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_wins() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let answers = join_all((0..10).map(|_| app.refresh(&ada.refresh))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_and_nonsense_refresh_nothing() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    for token in [ada.token.as_str(), "nonsense", ""] {
        assert_eq!(app.refresh(token).await.refused(), (401, "signed-out"));
    }
    assert_eq!(app.get_as(&ada.refresh, "/customers/me").await.refused(), (401, "invalid-token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_not_used_ends() {
    let clock = Clock::frozen(DateTime::UNIX_EPOCH + Duration::days(20_000));
    let app = App::at(clock.clone(), &[("TOKENS__REFRESH_DAYS", "7")]).await;
    let ada = app.register(EMAIL).await;
    clock.advance(Duration::minutes(16));
    assert_eq!(app.get_as(&ada.token, "/customers/me").await.refused(), (401, "invalid-token"));
    clock.advance(Duration::days(6));
    let used = person(&app.refresh(&ada.refresh).await);
    clock.advance(Duration::days(7));
    assert_eq!(app.refresh(&used.refresh).await.refused(), (401, "signed-out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_family_and_may_be_repeated() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let next = person(&app.refresh(&ada.refresh).await);
    for _ in 0..2 {
        assert_eq!(app.post("/auth/logout", json!({"refresh_token": next.refresh})).await.status, 204);
    }
    assert_eq!(app.refresh(&next.refresh).await.status, 401);
    assert_eq!(app.post("/auth/logout", json!({"refresh_token": "x", "all": true})).await.pointers(), ["/all"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_stored_as_digests() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let dump = app.query("SELECT row(t.*)::text || encode(t.hash, 'escape') AS value FROM refresh_tokens t").await;
    assert_eq!(dump.len(), 1);
    assert!(!dump[0].contains(&ada.refresh));
}

/// The cookie in an answer, and its attributes.
fn cookie(answer: &Answer) -> (String, String) {
    let header = answer.header("set-cookie");
    let (pair, attributes) = header.split_once("; ").unwrap_or((header, ""));
    (pair.to_owned(), attributes.to_owned())
}

async fn by_cookie(app: &App, path: &str, pair: &str) -> Answer {
    let request = app.ask(Method::POST, path).header("cookie", pair).header("x-requested-with", "fetch");
    answer(request.header("x-forwarded-prefix", "/api")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_keeps_its_token_in_a_cookie_that_scripts_can_not_read() {
    let app = App::start().await;
    let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Ada", "refresh": "cookie"});
    let request = app.ask(Method::POST, "/auth/register").header("x-forwarded-prefix", "/api").json(&body);
    let registered = answer(request).await;
    assert_eq!(registered.status, 201);
    assert!(registered.body.get("refresh_token").is_none());
    let (first, attributes) = cookie(&registered);
    for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/api/auth", "Max-Age=2592000"] {
        assert!(attributes.split("; ").any(|one| one == attribute), "{attribute} is missing: {attributes}");
    }
    let refreshed = by_cookie(&app, "/auth/refresh", &first).await;
    assert_eq!((refreshed.status, refreshed.body.get("refresh_token")), (200, None));
    let (second, _) = cookie(&refreshed);
    assert!(second.starts_with("refresh=") && second != first);
    let left = by_cookie(&app, "/auth/logout", &second).await;
    let (gone, attributes) = cookie(&left);
    assert_eq!((left.status, gone.as_str()), (204, "refresh="));
    assert!(attributes.contains("Max-Age=0") && attributes.contains("Path=/api/auth"), "{attributes}");
    assert_eq!(by_cookie(&app, "/auth/refresh", &second).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_alone_is_not_enough() {
    let app = App::start().await;
    app.register(EMAIL).await;
    let login = json!({"email": EMAIL, "password": PASSWORD, "refresh": "cookie"});
    let (pair, attributes) = cookie(&app.post("/auth/login", login).await);
    assert!(attributes.split("; ").any(|one| one == "Path=/auth"), "{attributes}");
    for path in ["/auth/refresh", "/auth/logout"] {
        let forged = answer(app.ask(Method::POST, path).header("cookie", &pair)).await;
        assert_eq!(forged.refused(), (403, "header-required"));
        let nothing = answer(app.ask(Method::POST, path).header("x-requested-with", "fetch")).await;
        assert_eq!(nothing.refused(), (401, "authentication-required"));
        assert_eq!(app.post(path, json!({})).await.refused(), (401, "authentication-required"));
    }
    assert_eq!(by_cookie(&app, "/auth/refresh", &pair).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strange_prefix_does_not_reach_the_cookie() {
    let app = App::start().await;
    app.register(EMAIL).await;
    let login = json!({"email": EMAIL, "password": PASSWORD, "refresh": "cookie"});
    for prefix in ["/a; Domain=evil.example", "//evil.example", "api", "/a b"] {
        let request = app.ask(Method::POST, "/auth/login").header("x-forwarded-prefix", prefix).json(&login);
        let (_, attributes) = cookie(&answer(request).await);
        assert!(attributes.split("; ").any(|one| one == "Path=/auth"), "{prefix}: {attributes}");
    }
}
