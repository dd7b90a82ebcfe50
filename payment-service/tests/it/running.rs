//! The service as a whole: settings, health, description, and an engine that goes away.

use std::time::Duration;

use chassis::settings::Settings as _;
use chassis::{Clock, Tasks};
use contracts::Id;
use futures_util::future::join_all;
use payment_service::{settings, start, store};
use testbed::Engine;
use testbed::engine::{Durability, Kind, Site};
use testbed::process::Bond;
use testbed::wait::until;

use crate::fixture::{App, payment};

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn the_defaults_are_sound_and_every_mistake_is_named() {
    assert!(settings::with(&[]).unwrap().mistakes().is_empty());
    let wrong = [
        ("PAYMENT_SERVICE__DATABASE__URL", "postgres://elsewhere".to_owned()),
        ("PAYMENT_SERVICE__DATABASE__MAX_CONNECTIONS", "0".to_owned()),
        ("PAYMENT_SERVICE__ASK_AGAIN__AFTER_MS", "2000".to_owned()),
    ];
    let mistakes = settings::with(&wrong).unwrap_err().0;
    let keys = ["database.url", "database.max_connections", "ask_again.after_ms"];
    assert_eq!(mistakes.iter().filter_map(|mistake| mistake.split(':').next()).collect::<Vec<_>>(), keys);
    let unknown = [("PAYMENT_SERVICE__DATABASE__URI", "x".to_owned())];
    assert!(settings::with(&unknown).unwrap_err().to_string().contains("database.uri"));
}

#[test]
fn settings_do_not_show_a_password() {
    let url = ("PAYMENT_SERVICE__DATABASE__URL", "mongodb://app:hunter2@127.0.0.1/payments".to_owned());
    assert!(!format!("{:?}", settings::with(&[url]).unwrap()).contains("hunter2"));
}

#[tokio::test]
async fn several_instances_start_at_once() {
    let app = App::start().await;
    let mut fresh = app.settings.clone();
    fresh.database.url = testbed::shared().await.mongo_database("payment").await.into();
    let starts = (0..4).map(|_| start(fresh.clone(), Tasks::new(), Clock::real()));
    for running in join_all(starts).await {
        running.unwrap();
    }
    let database = store::connect(&fresh.database).await.unwrap();
    let mut names = database.collection::<()>("payments").list_index_names().await.unwrap();
    names.sort();
    assert_eq!(names, ["_id_", "by_customer", "by_order", "to_ask_again", "to_send"]);
}

#[tokio::test]
async fn the_service_is_ready_and_describes_itself() {
    let app = App::start().await;
    let ready = app.send(app.request(reqwest::Method::GET, "/health/ready")).await;
    assert_eq!((ready.status, &ready.body["checks"]["mongodb"]), (200, &"up".into()));
    let description = app.send(app.request(reqwest::Method::GET, "/openapi.json")).await.body;
    testbed::judge::openapi(&description).await.unwrap();
    let operations =
        description["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let mut ids = operations.filter_map(|operation| operation["operationId"].as_str()).collect::<Vec<_>>();
    ids.sort_unstable();
    let expected = [
        "charge_payment",
        "find_payment",
        "list_payments",
        "list_sandbox_ledger",
        "list_transactions",
        "refund_payment",
        "void_payment",
    ];
    assert_eq!(ids, expected);
    let schemas = description["components"]["schemas"].as_object().unwrap();
    for name in ["Payment", "NewPayment", "Refund", "NewRefund", "Transaction", "VoidPayment", "LedgerEntry", "Problem"]
    {
        assert!(schemas.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn while_the_engine_is_gone_callers_are_told_to_come_again() {
    let folder = std::env::temp_dir().join(format!("payment-engine-{}", Id::<()>::mint()));
    let site = Site::open(&folder, Kind::Mongodb, Durability::Process).await.unwrap();
    let engine = Engine::open(site, Bond::Starter);
    engine.start().await.unwrap();
    let overrides = [
        ("PAYMENT_SERVICE__DATABASE__URL", engine.site().url("payment")),
        ("PAYMENT_SERVICE__DATABASE__CONNECT_TIMEOUT_MS", "500".to_owned()),
        ("PAYMENT_SERVICE__DATABASE__TIMEOUT_MS", "2000".to_owned()),
    ];
    let app = App::with(&overrides).await;
    let (id, new) = (Id::mint(), payment("tok_visa", 4_990));
    assert_eq!(app.charge_until_clear(id, &new).await.body["status"], "captured");
    let (second, unclear) = (Id::mint(), payment("tok_visa", 100));
    for step in ["dead", "frozen"] {
        if step == "dead" {
            engine.kill9().await.unwrap();
        } else {
            engine.pause();
        }
        let reply = app.charge(second, &unclear).await;
        assert_eq!(reply.status, 503, "{step}: {reply:?}");
        assert!(reply.headers.contains_key("retry-after"));
        let path = format!("/payments/{id}");
        app.get(&path, &app.issuer.operator()).await.refused(503, "unavailable");
        let ready = app.send(app.request(reqwest::Method::GET, "/health/ready")).await;
        assert_eq!(ready.status, 503, "{step}");
        if step == "dead" {
            engine.start().await.unwrap();
        } else {
            engine.resume();
        }
        until("it is back", PATIENCE, async || app.get(&path, &app.issuer.operator()).await.status == 200)
            .await
            .unwrap();
    }
    assert_eq!(app.charge_until_clear(second, &unclear).await.body["status"], "captured");
    assert_eq!(app.moved(id).await, [4_990]);
    assert_eq!(app.moved(second).await, [100]);
    engine.discard().await.unwrap();
    std::fs::remove_dir_all(&folder).ok();
}
