//! What the documents say, pasted: a newcomer gets what they promise.

mod guide;
mod handbook;
mod readme;
mod runbooks;
mod terminal;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;
use tokio::process::Command;

use crate::world::World;

/// What a shell said.
struct Said {
    output: String,
    trouble: String,
}

/// A world with a lamp as in the demonstration's catalogue.
async fn world_with_a_lamp() -> World {
    let world = World::start().await;
    let lamp = json!({
        "sku": "DSK-LAMP", "name": "Halden desk lamp", "description": "As in the demo catalogue.",
        "price": {"amount": 7900, "currency": "EUR"},
    });
    let lamp = world.post("/products", Some(&world.operator), &lamp).await.is(201).text("id");
    let delivery = json!({"delta": 140, "reason": "delivery"});
    world.post(&format!("/products/{lamp}/stock"), Some(&world.operator), &delivery).await.is(200);
    world
}

/// An empty folder for this document.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the script, and fails where a line of it does.
async fn paste(world: &World, folder: &Path, script: &str) -> Said {
    let mut shell = Command::new("bash");
    shell.args(["-euxo", "pipefail", "-c", script]).current_dir(folder).envs(world.system.env());
    let output = shell.stdin(Stdio::null()).output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = Said { output: text(&output.stdout), trouble: text(&output.stderr) };
    assert!(output.status.success(), "{}\n{}", said.output, said.trouble);
    said
}
