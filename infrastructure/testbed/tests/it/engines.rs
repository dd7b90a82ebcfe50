//! What the engines keep when they are killed, and that they come back on the same ports.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use testbed::engine::{Durability, Engine, Kind, Site};
use testbed::process::{Bond, Launch};
use testbed::{http, program, wait};

use super::Folder;

async fn private(folder: &Folder, kind: Kind) -> Engine {
    let site = Site::open(&folder.0, kind, Durability::Process).await.unwrap();
    let engine = Engine::open(site, Bond::Starter);
    engine.start().await.unwrap();
    engine
}

async fn client(program: &str, args: &[&str]) -> String {
    let program = program::find(program).or_else(|| program::find_postgres(program)).unwrap();
    Launch::new(&program, Path::new("/")).args(args.iter().copied()).run().await.unwrap()
}

async fn killed_and_back(engine: &Engine) {
    let before = engine.identity().unwrap();
    engine.kill9().await.unwrap();
    assert!(!before.is_alive());
    assert!(!engine.is_ready().await);
    engine.start().await.unwrap();
    assert_ne!(engine.identity().unwrap(), before);
}

#[tokio::test]
async fn postgres_keeps_what_it_acknowledged_when_killed() {
    let folder = Folder::new("postgres");
    let engine = private(&folder, Kind::Postgres).await;
    let url = engine.site().url("postgres");
    client("psql", &["-XqAt", "-d", &url, "-c", "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)"]).await;
    killed_and_back(&engine).await;
    assert_eq!(client("psql", &["-XqAt", "-d", &url, "-c", "SELECT id FROM kept"]).await.trim(), "7");
    engine.stop().await.unwrap();
    assert!(!engine.is_alive());
}

#[tokio::test]
async fn mysql_keeps_what_it_acknowledged_when_killed() {
    let folder = Folder::new("mysql");
    let engine = private(&folder, Kind::Mysql).await;
    let (port, password) = (format!("-P{}", engine.site().port), format!("-p{}", engine.site().password));
    let run = async |statement: &str| {
        client("mysql", &["--no-defaults", "-h127.0.0.1", &port, "-uapp", &password, "-BNe", statement]).await
    };
    run("CREATE DATABASE shop; CREATE TABLE shop.kept (id int) ENGINE=InnoDB; INSERT INTO shop.kept VALUES (7)").await;
    killed_and_back(&engine).await;
    assert_eq!(run("SELECT id FROM shop.kept").await.trim(), "7");
    engine.stop().await.unwrap();
}

#[tokio::test]
async fn mongodb_comes_back_when_killed() {
    let folder = Folder::new("mongodb");
    let engine = private(&folder, Kind::Mongodb).await;
    killed_and_back(&engine).await;
    engine.stop().await.unwrap();
}

/// Whether one of Mnesia's files in the folder has these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let is_mnesias = |path: &Path| path.extension().is_some_and(|kind| kind == "LOG" || kind == "DCD" || kind == "DCL");
    entries.into_iter().any(|path| {
        let read = || is_mnesias(&path).then(|| std::fs::read(&path).ok()).flatten();
        if path.is_dir() { holds(&path, bytes) } else { read().is_some_and(|all| contains(&all, bytes)) }
    })
}

fn contains(all: &[u8], bytes: &[u8]) -> bool {
    all.windows(bytes.len()).any(|part| part == bytes)
}

#[tokio::test]
async fn rabbitmq_keeps_persistent_messages_when_killed() {
    let folder = Folder::new("rabbitmq");
    let engine = private(&folder, Kind::Rabbitmq).await;
    let call = async |method: reqwest::Method, path: &str, body: Value| -> Result<Value, reqwest::Error> {
        let url = format!("{}/api/{path}", engine.site().management_url());
        let answer = http::client().unwrap().request(method, url).json(&body).send().await?.error_for_status()?;
        Ok(serde_json::from_str(&answer.text().await?).unwrap_or_default())
    };
    let queue = json!({"durable": true});
    call(reqwest::Method::PUT, "queues/%2F/kept", queue).await.unwrap();
    let message = json!({"properties": {"delivery_mode": 2}, "routing_key": "kept", "payload": "7", "payload_encoding": "string"});
    let routed = call(reqwest::Method::POST, "exchanges/%2F/amq.default/publish", message).await.unwrap();
    assert_eq!(routed["routed"], true);
    // The broker says that a queue is there before it has written it down.
    let data = engine.site().folder.join("data");
    wait::until("the queue is written down", Duration::from_mins(1), async || holds(&data, b"kept")).await.unwrap();
    killed_and_back(&engine).await;
    // The queue may come back after the port.
    let get = json!({"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"});
    let back = async || {
        let got = call(reqwest::Method::POST, "queues/%2F/kept/get", get.clone()).await;
        got.is_ok_and(|messages| messages[0]["payload"] == "7")
    };
    wait::until("the message is back", Duration::from_mins(1), back).await.unwrap();
    engine.stop().await.unwrap();
}

#[tokio::test]
async fn a_paused_engine_answers_again_when_it_is_resumed() {
    let folder = Folder::new("paused");
    let engine = private(&folder, Kind::Postgres).await;
    engine.pause();
    assert!(tokio::time::timeout(Duration::from_millis(300), engine.is_ready()).await.is_err());
    engine.resume();
    assert!(engine.is_ready().await);
}
