//! Machine clients: credentials in, token out, as RFC 6749 has it.

use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};

use crate::fixture::{Answer, App, SECRET, answer};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");
const EXCHANGE: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");

fn ask(app: &App) -> RequestBuilder {
    app.ask(Method::POST, "/auth/token")
}

fn error(answer: &Answer) -> (u16, &str) {
    assert_eq!(answer.header("cache-control"), "no-store");
    (answer.status, answer.body["error"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_shows_its_credentials_in_either_way() {
    let app = App::start().await;
    let basic = answer(ask(&app).basic_auth("shop", Some(SECRET)).form(&[GRANT])).await;
    let encoded = answer(ask(&app).basic_auth("shop", Some("a%2Bsecret%2Fof%3Dthe%3Ashop")).form(&[GRANT])).await;
    let form = answer(ask(&app).form(&[GRANT, ("client_id", "shop"), ("client_secret", SECRET)])).await;
    for answer in [basic, encoded, form] {
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.body["scope"], "orders:place customers:read");
        assert_eq!((&answer.body["token_type"], &answer.body["expires_in"]), (&"Bearer".into(), &900.into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_ask_for_less_but_not_for_more() {
    let app = App::start().await;
    let with = |scope| ask(&app).basic_auth("shop", Some(SECRET)).form(&[GRANT, ("scope", scope)]);
    assert_eq!(answer(with("customers:read")).await.body["scope"], "customers:read");
    assert_eq!(error(&answer(with("customers:read saga")).await), (400, "invalid_scope"));
    assert_eq!(error(&answer(with("operator")).await), (400, "invalid_scope"));
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_those_of_the_standard() {
    let app = App::start().await;
    let form = |fields: &[(&str, &str)]| ask(&app).form(fields);
    let basic = |id, secret| ask(&app).basic_auth(id, Some(secret)).form(&[GRANT]);
    let (id, secret) = (("client_id", "shop"), ("client_secret", SECRET));
    let refusals = [
        (form(&[GRANT, id, ("client_secret", "wrong-secret")]), (401, "invalid_client")),
        (form(&[GRANT, ("client_id", "nobody"), secret]), (401, "invalid_client")),
        (form(&[GRANT, id]), (401, "invalid_client")),
        (form(&[GRANT]), (401, "invalid_client")),
        (basic("shop", "wrong-secret"), (401, "invalid_client")),
        (basic("sh\0op", SECRET), (401, "invalid_client")),
        (ask(&app).bearer_auth("x").form(&[GRANT]), (401, "invalid_client")),
        (form(&[id, secret]), (400, "invalid_request")),
        (form(&[GRANT, GRANT, id, secret]), (400, "invalid_request")),
        (form(&[GRANT, id, secret]).basic_auth("shop", Some(SECRET)), (400, "invalid_request")),
        (form(&[("grant_type", "password"), id, secret]), (400, "unsupported_grant_type")),
        (ask(&app).json(&GRANT), (400, "invalid_request")),
        (ask(&app), (400, "invalid_request")),
    ];
    for (request, expected) in refusals {
        let answer = answer(request).await;
        assert_eq!(error(&answer), expected, "{answer:?}");
        assert_eq!(answer.header("www-authenticate").starts_with("Basic"), answer.status == 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_opens_what_it_names_and_nothing_else() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let path = format!("/customers/{}", ada.id);
    let (shop, warehouse) = (app.machine("shop", SECRET).await, app.machine("warehouse", "another-secret").await);
    assert_eq!(app.get_as(&shop, &path).await.body["email"], "ada@lovelace.org");
    assert_eq!(app.get_as(&shop, "/customers?query=ada").await.body["items"][0]["id"], ada.id);
    for (token, path) in [
        (&warehouse, path.as_str()),
        (&warehouse, "/customers"),
        (&warehouse, "/customers/not-an-id"),
        (&shop, "/customers/me"),
        (&shop, &format!("{path}/addresses")),
    ] {
        assert_eq!(app.get_as(token, path).await.refused(), (403, "forbidden"), "{path}");
    }
    let erased = app.send_as(&shop, (Method::DELETE, &path), serde_json::Value::Null).await;
    assert_eq!(erased.refused(), (403, "forbidden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_never_busy_once_it_is_known() {
    let app = App::with(&[("PASSWORDS__CONCURRENCY", "1"), ("PASSWORDS__QUEUE_MAX", "0")]).await;
    app.machine("shop", SECRET).await;
    let crowd = join_all((0..20).map(|_| app.machine("shop", SECRET))).await;
    assert_eq!(crowd.len(), 20);
    let wrong = answer(ask(&app).basic_auth("shop", Some("wrong-secret")).form(&[GRANT])).await;
    assert_eq!(error(&wrong), (401, "invalid_client"));
}

fn exchange(app: &App, subject: &str) -> RequestBuilder {
    let subject_type = ("subject_token_type", "urn:ecommerce-soa:token-type:client-id");
    ask(app).form(&[EXCHANGE, ("subject_token", subject), subject_type])
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_act_for_others_gets_tokens_in_their_name() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let bus = |request: RequestBuilder| answer(request.basic_auth("bus", Some("the-secret-of-the-bus")));
    let lent = bus(exchange(&app, "shop")).await;
    assert_eq!((lent.status, &lent.body["scope"]), (200, &"orders:place customers:read".into()), "{lent:?}");
    assert_eq!(lent.body["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
    let token = lent.body["access_token"].as_str().unwrap();
    assert_eq!(app.get_as(token, &format!("/customers/{}", ada.id)).await.status, 200);
    // Nobody gets by this what is a client's own: not even of the one who asks.
    assert_eq!(bus(exchange(&app, "bus")).await.body["scope"], "");
    assert_eq!(error(&bus(exchange(&app, "nobody")).await), (400, "invalid_grant"));
    assert_eq!(error(&bus(exchange(&app, "no\0body")).await), (400, "invalid_grant"));
    assert_eq!(error(&bus(ask(&app).form(&[EXCHANGE])).await), (400, "invalid_request"));
    let shop = exchange(&app, "warehouse").basic_auth("shop", Some(SECRET));
    assert_eq!(error(&answer(shop).await), (400, "unauthorized_client"));
    let wrong = exchange(&app, "shop").basic_auth("bus", Some("wrong-secret"));
    assert_eq!(error(&answer(wrong).await), (401, "invalid_client"));
}
