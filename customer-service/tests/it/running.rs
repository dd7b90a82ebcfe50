//! Starting, being described, and losing the database.

use std::time::{Duration, Instant};

use chassis::Clock;
use customer_service::{DEFAULTS, NAME, Settings};
use reqwest::Method;
use serde_json::Value;
use testbed::engine::{Durability, Kind, Site};
use testbed::process::Bond;
use testbed::{Engine, wait};

use crate::fixture::{App, OPERATOR, PASSWORD, SECRET, answer, person};

#[tokio::test(flavor = "multi_thread")]
async fn starting_again_changes_nothing() {
    let app = App::start().await;
    let state = "SELECT row(c.*)::text AS value FROM customers c UNION ALL SELECT row(m.*)::text FROM machine_clients m \
        UNION ALL SELECT kid FROM signing_keys UNION ALL SELECT id::text FROM outbox ORDER BY value";
    let before = app.query(state).await;
    let again = App::on(&app.database, Clock::real(), &[]).await;
    assert_eq!(again.query(state).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_configuration_takes_effect_at_the_next_start() {
    let app = App::start().await;
    let session = app.operator().await;
    let clients = r#"[{"id": "shop", "secret": "another-secret", "scopes": ["registry"]}]"#;
    let changed = [("BOOTSTRAP__OPERATOR_PASSWORD", "another password"), ("BOOTSTRAP__CLIENTS", clients)];
    let app = App::on(&app.database, Clock::real(), &changed).await;
    assert_eq!(app.login(OPERATOR, PASSWORD).await.status, 401);
    assert_eq!(app.refresh(&session.refresh).await.status, 401);
    assert_eq!(app.login(OPERATOR, "another password").await.body["customer"]["id"], session.id);
    let form = |secret| {
        let fields = [("grant_type", "client_credentials"), ("client_id", "shop"), ("client_secret", secret)];
        answer(app.ask(Method::POST, "/auth/token").form(&fields))
    };
    assert_eq!(form(SECRET).await.status, 401);
    assert_eq!(form("another-secret").await.body["scope"], "registry");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_can_be_made_an_operator() {
    let app = App::with(&[("BOOTSTRAP__OPERATOR_EMAIL", ""), ("BOOTSTRAP__OPERATOR_PASSWORD", "")]).await;
    let ada = app.register("ada@lovelace.org").await;
    assert_eq!(app.get_as(&ada.token, "/customers").await.status, 403);
    let app = App::on(&app.database, Clock::real(), &[("BOOTSTRAP__OPERATOR_EMAIL", "ADA@lovelace.org")]).await;
    let ada = person(&app.login("ada@lovelace.org", PASSWORD).await);
    assert_eq!(app.get_as(&ada.token, "/customers").await.status, 200);
}

#[test]
fn wrong_settings_are_told_all_at_once_and_without_secrets() {
    let clients = r#"[{"id": "sh op", "secret": "long-enough", "scopes": []}, {"id": "a", "secret": "short", "scopes": []},
        {"id": "b", "secret": "long-enough", "scopes": ["everything"]}]"#;
    let wrong = [
        ("BOOTSTRAP__OPERATOR_EMAIL", "nobody"),
        ("BOOTSTRAP__OPERATOR_PASSWORD", "qwerty"),
        ("BOOTSTRAP__CLIENTS", clients),
        ("TOKENS__ACCESS_S", "3600"),
        ("AUTH__LEEWAY_S", "61"),
    ];
    let environment = wrong.map(|(key, value)| (format!("CUSTOMER_SERVICE__{key}"), value.to_owned()));
    let mistakes = chassis::settings::load::<Settings>(NAME, DEFAULTS, None, environment).unwrap_err();
    assert_eq!(mistakes.0.len(), 7, "{mistakes}");
    let text = mistakes.to_string();
    assert!(!text.contains("qwerty") && !text.contains("long-enough") && !text.contains("short"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_holds_together() {
    let app = App::start().await;
    let document = answer(app.ask(Method::GET, "/openapi.json")).await.body;
    testbed::judge::openapi(&document).await.unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference} is missing");
    }
    let operations = |path: &Value| path.as_object().unwrap().values().cloned().collect::<Vec<_>>();
    let all = document["paths"].as_object().unwrap().values().flat_map(operations).collect::<Vec<_>>();
    assert_eq!(all.len(), 16);
    assert!(all.iter().all(|operation| operation["operationId"].is_string() && operation["tags"].is_array()));
    assert_eq!(answer(app.ask(Method::GET, "/health/ready")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_passes_over_a_parameter_that_it_does_not_know() {
    let app = App::start().await;
    let operator = app.operator().await;
    let document = answer(app.ask(Method::GET, "/openapi.json")).await.body;
    let operations = testbed::judge::operations(&document);
    assert_eq!(operations.len(), 16);
    for (method, path) in operations {
        let asked = format!("{path}?zzz=1");
        let refused = app.send_as(&operator.token, (method.clone(), &asked), Value::Null).await;
        assert_eq!(refused.refused(), (422, "invalid-query"), "{method} {asked}");
        assert_eq!(refused.body["errors"][0]["pointer"], "/zzz", "{method} {asked}");
    }
    assert_eq!(app.get_as(&operator.token, "/health/ready?despite=rabbitmq").await.status, 200);
    assert_eq!(app.get_as(&operator.token, "/openapi.json?zzz=1").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_dies_costs_some_answers_and_no_data() {
    let dir = testbed::shared::repository().join(format!(".local/customer-{}", std::process::id()));
    let site = Site::open(&dir, Kind::Postgres, Durability::Process).await.unwrap();
    let engine = Engine::open(site, Bond::Starter);
    engine.start().await.unwrap();
    let app = App::on(&engine.site().url("postgres"), Clock::real(), &[]).await;
    let ada = app.register("ada@lovelace.org").await;
    engine.kill9().await.unwrap();
    let began = Instant::now();
    let away = app.get_as(&ada.token, "/customers/me").await;
    assert_eq!(away.refused(), (503, "unavailable"));
    assert_eq!(away.header("retry-after"), "1");
    assert_eq!(app.login("ada@lovelace.org", PASSWORD).await.refused(), (503, "unavailable"));
    assert!(began.elapsed() < Duration::from_mins(1));
    assert_eq!(answer(app.ask(Method::GET, "/health/ready")).await.status, 503);
    engine.start().await.unwrap();
    let back = async || app.get_as(&ada.token, "/customers/me").await.status == 200;
    wait::until("the service is back", Duration::from_secs(10), back).await.unwrap();
    assert_eq!(app.login("ada@lovelace.org", PASSWORD).await.status, 200);
    engine.discard().await.unwrap();
    std::fs::remove_dir_all(dir).unwrap();
}
