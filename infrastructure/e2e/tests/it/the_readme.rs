//! The session of the README, pasted into a shell against a running system.

use std::process::Stdio;

use serde_json::json;
use tokio::process::Command;

use crate::world::World;

#[tokio::test]
async fn every_line_of_its_session_works() {
    let readme = include_str!("../../../../README.md");
    let session: String = readme
        .split("```sh session\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .map(|block| block.replace(". .local/env\n", ""))
        .collect();
    assert!(session.contains("curl"), "the README has no session");
    let world = World::start().await;
    let lamp = json!({
        "sku": "DSK-LAMP", "name": "Desk lamp", "description": "As in the demo catalogue.",
        "price": {"amount": 7900, "currency": "EUR"},
    });
    let lamp = world.post("/products", Some(&world.operator), &lamp).await.is(201).text("id");
    let delivery = json!({"delta": 140, "reason": "delivery"});
    world.post(&format!("/products/{lamp}/stock"), Some(&world.operator), &delivery).await.is(200);
    let folder = std::env::temp_dir().join(format!("readme-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut shell = Command::new("bash");
    shell.args(["-euxo", "pipefail", "-c", &session]).current_dir(&folder).envs(world.system.env());
    let output = shell.stdin(Stdio::null()).output().await.unwrap();
    let (said, trouble) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{trouble}");
    for expected in ["\"confirmed\"", "\"succeeded\"", "/items/0/quantity", "\"cancelled\"", "\"completed\""] {
        assert!(said.contains(expected), "{expected} is missing: {said}\n{trouble}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
